import { Agent } from "node:https";
import { once } from "node:events";
import { connect } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Handlers } from "../../../src/admission/ports.ts";
import { allowed, denied } from "../../../src/admission/responses.ts";
import { createDevelopmentCertificates } from "../../../src/certificates/development.ts";
import { policyRequest, reviewOf } from "../../support/review.ts";
import { reviewIn, startServer, yes } from "../../support/reviewserver.ts";

const { uid } = policyRequest();
const good = reviewOf(policyRequest());
const webhook = "validate";

/** A handler that answers when it is told to. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const handlers: Handlers = {
    ...yes,
    async validate(request) {
      entered.resolve();
      await promise;
      return allowed(request.uid);
    },
  };
  return { handlers, release: () => resolve(), entered: entered.promise };
}

describe("handlers", () => {
  test("are looked up for each request", async () => {
    let handlers: Handlers | undefined;
    await using running = await startServer({ handlers: () => handlers });
    const { send } = running;
    const notReady = await send("/v1/validate", good);
    expect({
      status: notReady.status,
      retry: notReady.headers["retry-after"],
      connection: notReady.headers.connection,
      body: notReady.body,
    }).toEqual({
      status: 503,
      retry: "1",
      connection: "close",
      body: "Ringfence is not ready yet.\n",
    });
    handlers = yes;
    expect(reviewIn(await send("/v1/validate", good), { webhook, uid })["allowed"]).toBe(true);
    handlers = { ...yes, validate: async (request) => denied(request.uid, "no") };
    expect(reviewIn(await send("/v1/validate", good), { webhook, uid })["allowed"]).toBe(false);
  });

  test("that fail are a refusal under the uid, and a recorded one", async () => {
    const failing = { ...yes, validate: async () => Promise.reject(new Error("secret detail")) };
    await using running = await startServer({ handlers: () => failing });
    const { send, decisions } = running;
    expect(reviewIn(await send("/v1/validate", good), { webhook, uid })).toEqual({
      uid,
      allowed: false,
      status: {
        code: 500,
        reason: "InternalError",
        message: `Ringfence failed while deciding; its log has the details under uid ${uid}.`,
      },
    });
    expect(decisions).toMatchObject([{ uid, decision: "deny", because: "failed", user: "jane" }]);
  });

  test("are told to decide before the API server gives up", async () => {
    const handlers: Handlers = {
      ...yes,
      validate: async (request, signal) => {
        await once(signal, "abort");
        return denied(request.uid, "told in time");
      },
    };
    await using running = await startServer({ handlers: () => handlers });
    const { send } = running;
    const answer = await send("/v1/validate?timeout=1s", good);
    expect(reviewIn(answer, { webhook, uid })).toMatchObject({
      allowed: false,
      status: { message: "told in time" },
    });
  });

  test("that do not decide even then are a refusal", async () => {
    const stuck = { ...yes, validate: async () => new Promise<never>(() => undefined) };
    await using running = await startServer({ handlers: () => stuck });
    const { send, decisions } = running;
    const answer = await send("/v1/validate?timeout=1s", good);
    expect(reviewIn(answer, { webhook, uid })).toMatchObject({
      allowed: false,
      status: { code: 500, message: "Ringfence did not decide in time; try again." },
    });
    expect(decisions).toMatchObject([{ decision: "deny", because: "late" }]);
  });
});

test("what is too much at once is shed with a time to retry, per webhook", async () => {
  const { handlers, release, entered } = held();
  await using running = await startServer({ handlers: () => handlers, limits: { inFlight: 1 } });
  const { send } = running;
  const first = send("/v1/validate", good);
  await entered;
  const shed = await send("/v1/validate", good);
  expect({
    status: shed.status,
    retry: shed.headers["retry-after"],
    connection: shed.headers.connection,
  }).toEqual({ status: 503, retry: "1", connection: "close" });
  const other = await send("/v1/mutate", good);
  expect(reviewIn(other, { webhook: "mutate", uid })["allowed"]).toBe(true);
  release();
  expect(reviewIn(await first, { webhook, uid })["allowed"]).toBe(true);
  expect(reviewIn(await send("/v1/validate", good), { webhook, uid })["allowed"]).toBe(true);
});

describe("draining", () => {
  test("goes on deciding, ends each connection, and waits for what is in flight", async () => {
    const { handlers, release, entered } = held();
    await using running = await startServer({ handlers: () => handlers });
    const { server, send } = running;
    const agent = new Agent({ keepAlive: true });
    const before = await send("/v1/mutate", good, { agent });
    expect(before.headers.connection).toBe("keep-alive");
    const slow = send("/v1/validate", good, { agent });
    await entered;
    let drained = false;
    const drain = server.drain(50, new AbortController().signal).then(() => {
      drained = true;
      return undefined;
    });
    const during = await send("/v1/mutate", good, { agent });
    expect(during.headers.connection).toBe("close");
    expect(reviewIn(during, { webhook: "mutate", uid })["allowed"]).toBe(true);
    await sleep(150);
    expect(drained).toBe(false);
    release();
    const last = await slow;
    expect(last.headers.connection).toBe("close");
    expect(reviewIn(last, { webhook, uid })["allowed"]).toBe(true);
    await drain;
    agent.destroy();
  });

  test("ends at its signal, whatever is in flight", async () => {
    const { handlers, release, entered } = held();
    const running = await startServer({ handlers: () => handlers });
    const lost = running.send("/v1/validate", good).catch((error: unknown) => error);
    await entered;
    await running.server.drain(10, AbortSignal.timeout(50));
    const [outcome] = await Promise.all([lost, running[Symbol.asyncDispose]()]);
    release();
    expect(outcome).toMatchObject({ code: "ECONNRESET" });
  });
});

async function serialOf(target: { host: string; port: number }): Promise<string> {
  const socket = connect({ ...target, servername: "localhost", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

describe("the certificate", () => {
  const names = { names: ["localhost"], addresses: ["127.0.0.1"] };
  test("is swapped on the running server, and a bad pair is not", async () => {
    await using running = await startServer();
    const { server, target } = running;
    const first = await serialOf(target);
    const next = (await createDevelopmentCertificates(names, new Date())).leaf;
    const other = (await createDevelopmentCertificates(names, new Date())).leaf;
    const mixed = { certificate: next.certificate, key: other.key };
    expect(server.setCertificate(mixed)?.message).toBe(
      "the certificate and its key cannot be served",
    );
    expect(server.setCertificate({ certificate: "no", key: "no" })).toBeInstanceOf(Error);
    expect(await serialOf(target)).toBe(first);
    expect(server.setCertificate(next)).toBeUndefined();
    expect(await serialOf(target)).not.toBe(first);
    const old = connect({ ...target, minVersion: "TLSv1.1", maxVersion: "TLSv1.1" });
    await expect(once(old, "secureConnect")).rejects.toThrow(
      /alert|protocol version|no protocols/i,
    );
  });

  test("may come after the start; until then every handshake fails", async () => {
    await using running = await startServer({ certificate: undefined });
    const { server, target } = running;
    await expect(serialOf(target)).rejects.toThrow(/alert/);
    server.setCertificate((await createDevelopmentCertificates(names, new Date())).leaf);
    expect(await serialOf(target)).not.toBe("");
  });
});
