import { describe, expect, test } from "vitest";
import { parseExclusion } from "../../../src/api/excluded.ts";
import type { Namespace } from "../../../src/api/namespace.ts";
import { ApiError } from "../../../src/kube/apierror.ts";
import type { Clock } from "../../../src/kube/clock.ts";
import { whenInForce } from "../../../src/wiring/inforce.ts";

const signal = new AbortController().signal;
const refusal = (policy: string): ApiError =>
  new ApiError("POST", 422, { message: `ValidatingAdmissionPolicy '${policy}' denied request` });

/** A clock that moves only by sleeping, and an API server that applies things from a time on. */
function setup(from: { readonly protects: number; readonly marks: number }) {
  let now = 0;
  const sent: unknown[] = [];
  const clock: Clock = {
    now: () => now,
    date: () => new Date(now),
    sleep: async (ms) => void (now += ms),
  };
  const create = async <T extends object>(path: string, object: T, options: object): Promise<T> => {
    sent.push({ path, options });
    const { metadata }: Namespace = JSON.parse(JSON.stringify(object));
    const isProbe = metadata.labels?.["ringfence.dev/default-deny"] === "probe";
    if (isProbe && now >= from.protects) throw refusal("ringfence-namespace-labels-are-protected");
    if (isProbe || now < from.marks) return object;
    const labels = { ...metadata.labels, "ringfence.dev/isolation": "pending" };
    return { ...object, metadata: { ...metadata, labels } };
  };
  return { clock, client: { create }, sent };
}

const refuse = async (): Promise<never> => {
  throw refusal("no-namespaces-on-fridays");
};

describe("what was registered is in force", () => {
  test("once a bad label is refused and a new namespace is marked, by dry runs alone", async () => {
    const { clock, client, sent } = setup({ protects: 300, marks: 900 });
    expect(await whenInForce(client, parseExclusion([]), clock, signal)).toBe(true);
    expect(clock.now()).toBe(900);
    const dryRun = { path: "/api/v1/namespaces", options: { dryRun: true } };
    expect(new Set(sent.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify(dryRun)]),
    );
  });

  test("without a mark where the probe would be excluded", async () => {
    const { clock, client } = setup({ protects: 0, marks: Infinity });
    expect(await whenInForce(client, parseExclusion(["ringfence-*"]), clock, signal)).toBe(true);
  });

  test("not, when nothing of it shows for ten seconds", async () => {
    const { clock, client } = setup({ protects: 0, marks: Infinity });
    expect(await whenInForce(client, parseExclusion([]), clock, signal)).toBe(false);
    expect(clock.now()).toBe(10_000);
  });

  test("not by the refusal of somebody else", async () => {
    const { clock } = setup({ protects: 0, marks: 0 });
    expect(await whenInForce({ create: refuse }, parseExclusion([]), clock, signal)).toBe(false);
  });
});
