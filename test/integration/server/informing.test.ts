import { once } from "node:events";
import { describe, expect, test } from "vitest";
import type { Handlers } from "../../../src/admission/ports.ts";
import { allowed } from "../../../src/admission/responses.ts";
import type { AdmissionRequest } from "../../../src/api/admission.ts";
import { namespaceRequest, reviewOf } from "../../support/review.ts";
import { reviewIn, startServer, yes } from "../../support/reviewserver.ts";

const { uid } = namespaceRequest({});
const good = reviewOf(namespaceRequest({}));

describe("a webhook that only informs", () => {
  test("is told to decide at half of the time", async () => {
    const told: string[] = [];
    const all = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const wait = (name: string) => async (request: AdmissionRequest, signal: AbortSignal) => {
      entered.resolve();
      await once(signal, "abort");
      if (told.push(name) === 2) all.resolve();
      return allowed(request.uid);
    };
    const handlers: Handlers = {
      ...yes,
      validate: wait("validate"),
      namespaces: wait("namespaces"),
    };
    await using running = await startServer({ handlers: () => handlers });
    const { send } = running;
    const first = send("/v1/validate?timeout=2s", good);
    await entered.promise;
    const second = send("/v1/namespaces?timeout=2s", good);
    await all.promise;
    expect(told).toEqual(["namespaces", "validate"]);
    await Promise.all([first, second]);
  });

  test("never refuses, whatever fails", async () => {
    const failing = { ...yes, namespaces: async () => Promise.reject(new Error("secret detail")) };
    let handlers: Handlers = failing;
    await using running = await startServer({ handlers: () => handlers });
    const { send, decisions } = running;
    const asked = { webhook: "namespaces", uid } as const;
    expect(reviewIn(await send("/v1/namespaces", good), asked)).toEqual({
      uid,
      allowed: true,
      warnings: [
        `Nothing was previewed: Ringfence failed while deciding; its log has the details under uid ${uid}.`,
      ],
    });
    handlers = { ...yes, namespaces: async () => new Promise<never>(() => undefined) };
    expect(reviewIn(await send("/v1/namespaces?timeout=1s", good), asked)).toEqual({
      uid,
      allowed: true,
      warnings: ["Nothing was previewed: Ringfence did not decide in time; try again."],
    });
    expect(decisions).toMatchObject([
      { decision: "allow", because: "failed" },
      { decision: "allow", because: "late" },
    ]);
    // Bodies that nobody can read: not a review, so the API server goes on.
    const broken = good.replace('"apiVersion"', '"otherVersion"');
    expect((await send("/v1/namespaces", broken)).status).toBe(400);
    expect((await send("/v1/validate", broken)).status).toBe(200);
  });
});
