import { describe, expect, test } from "vitest";
import { createGate, type GateDeps } from "../../../src/admission/gate.ts";
import type { AdmissionRequest } from "../../../src/api/admission.ts";
import { parseExclusion } from "../../../src/api/excluded.ts";
import { namespaceRequest, podRequest } from "../../support/review.ts";
import { answer, countingClock, keepDecisions, namespacesOf } from "../../support/reviewports.ts";

const pending = {
  "ringfence.dev/default-deny": "enabled",
  "ringfence.dev/isolation": "pending",
};
const { uid } = podRequest();

function gate(changes: Partial<GateDeps> = {}) {
  const recorder = keepDecisions();
  const clock = countingClock();
  const asked: string[] = [];
  const handler = createGate({
    namespaces: namespacesOf({ shop: pending }),
    waiter: {
      async wait(namespace) {
        asked.push(`watch ${namespace}`);
        return { seenAt: 0 };
      },
    },
    reader: {
      async isIsolated(namespace) {
        asked.push(`read ${namespace}`);
        return true;
      },
    },
    exclusion: parseExclusion(["ci-*"]),
    recorder,
    clock,
    ...changes,
  });
  return {
    asked,
    slept: clock.slept,
    decisions: recorder.decisions,
    answer: (request: AdmissionRequest, signal?: AbortSignal) =>
      answer("gate", handler, request, signal),
  };
}

/** A waiter that never sees the policy, under a signal that is aborted as soon as it is asked. */
function neverSeen() {
  const controller = new AbortController();
  const waiter: GateDeps["waiter"] = {
    wait: async (_namespace, signal) => {
      controller.abort();
      signal.throwIfAborted();
      return { seenAt: 0 };
    },
  };
  return { waiter, signal: controller.signal };
}

describe("a pod in a pending namespace", () => {
  test("passes at once when the deny-all has been there for long", async () => {
    const { answer: ask, asked, slept, decisions } = gate();
    expect(await ask(podRequest())).toEqual({ uid, allowed: true });
    expect({ asked, slept }).toEqual({ asked: ["watch shop"], slept: [] });
    expect(decisions[0]?.because).toBe("isolated");
  });

  test.each([
    ["by default 50 ms", {}, 50],
    ["as configured", { settleMilliseconds: 120 }, 120],
  ])("waits for the API server's caches to settle, %s", async (_name, changes, pause) => {
    const waiter = { wait: async () => ({ seenAt: 1_000 }) };
    const { answer: ask, slept } = gate({ waiter, ...changes });
    expect((await ask(podRequest())).allowed).toBe(true);
    expect(slept).toEqual([pause]);
  });

  test("waits only for what is left of the settle time", async () => {
    const waiter = { wait: async () => ({ seenAt: 970 }) };
    const { answer: ask, slept } = gate({ waiter });
    await ask(podRequest());
    expect(slept).toEqual([20]);
  });

  test("passes when the deadline comes while the caches settle", async () => {
    const controller = new AbortController();
    const waiter = {
      wait: async () => {
        controller.abort();
        return { seenAt: 1_000 };
      },
    };
    const { answer: ask, asked } = gate({ waiter });
    expect((await ask(podRequest(), controller.signal)).allowed).toBe(true);
    expect(asked).toEqual([]);
  });

  test("is told to retry at the deadline when there is still no deny-all", async () => {
    const { waiter, signal } = neverSeen();
    const reader = { isIsolated: async () => false };
    const { answer: ask, decisions } = gate({ waiter, reader });
    expect(await ask(podRequest(), signal)).toEqual({
      uid,
      allowed: false,
      status: {
        code: 429,
        reason: "TooManyRequests",
        message:
          'namespace "shop" is still being isolated: its NetworkPolicy ringfence-default-deny does not exist yet, and no pod may start before it. Nothing is wrong with this pod: try again in a few seconds. If this lasts, check the Ringfence controller: kubectl --namespace ringfence-system get pods',
      },
    });
    expect(decisions[0]).toMatchObject({ decision: "deny", because: "not-yet-isolated" });
    expect(decisions[0]).not.toHaveProperty("error");
  });

  test("is left to the CEL gate when the deadline's read finds the deny-all", async () => {
    const { waiter, signal } = neverSeen();
    const { answer: ask, asked } = gate({ waiter });
    expect(await ask(podRequest(), signal)).toEqual({ uid, allowed: true });
    expect(asked).toEqual(["read shop"]);
  });

  test("is left to the CEL gate when that read fails", async () => {
    const { waiter, signal } = neverSeen();
    const reader: GateDeps["reader"] = {
      async isIsolated() {
        throw new Error("connection refused");
      },
    };
    const { answer: ask, decisions } = gate({ waiter, reader });
    expect(await ask(podRequest(), signal)).toEqual({
      uid,
      allowed: true,
      auditAnnotations: { gate: "not known whether the deny-all exists" },
    });
    expect(decisions[0]).toMatchObject({
      because: "isolation-unknown",
      error: new Error("connection refused"),
    });
  });

  test("is left to the CEL gate when that read does not answer", async () => {
    const { waiter, signal } = neverSeen();
    const aborted: boolean[] = [];
    const reader = {
      isIsolated: async (_namespace: string, limit: AbortSignal) =>
        new Promise<boolean>(() => {
          limit.addEventListener("abort", () => aborted.push(true));
        }),
    };
    const { answer: ask, slept } = gate({ waiter, reader });
    expect((await ask(podRequest(), signal)).allowed).toBe(true);
    expect({ slept, aborted }).toEqual({ slept: [150], aborted: [true] });
  });

  test("is decided by a live read when the watch itself fails, and that is recorded", async () => {
    const waiter = { wait: async () => Promise.reject(new Error("watch is closed")) };
    const { answer: ask, decisions } = gate({ waiter, reader: { isIsolated: async () => false } });
    expect((await ask(podRequest())).status?.code).toBe(429);
    expect(decisions[0]?.error).toEqual(new Error("watch is closed"));
  });

  test("waits too when nobody knows the labels of its namespace", async () => {
    const { answer: ask, asked } = gate({ namespaces: namespacesOf({}) });
    expect((await ask(podRequest())).allowed).toBe(true);
    expect(asked).toEqual(["watch shop"]);
  });

  test("gets the same answer as a dry run", async () => {
    const { waiter, signal } = neverSeen();
    const { answer: ask } = gate({ waiter, reader: { isIsolated: async () => false } });
    expect((await ask(podRequest({ dryRun: true }), signal)).status?.code).toBe(429);
  });
});

test("pods beyond the bound do not wait but go to the CEL gate, and places are given back", async () => {
  const arrivals: (() => void)[] = [];
  const waiter = {
    wait: async () =>
      new Promise<{ seenAt: number }>((resolve) => {
        arrivals.push(() => resolve({ seenAt: 0 }));
      }),
  };
  const { answer: ask, decisions } = gate({ waiter, maxWaiting: 1 });
  const first = ask(podRequest());
  expect(await ask(podRequest())).toEqual({
    uid,
    allowed: true,
    auditAnnotations: { gate: "not held: too many pods are waiting" },
  });
  arrivals[0]?.();
  expect(await first).toEqual({ uid, allowed: true });
  const third = ask(podRequest());
  await new Promise(setImmediate);
  arrivals[1]?.();
  await third;
  expect(decisions.map(({ because }) => because)).toEqual(["gate-full", "isolated", "isolated"]);
});

describe("a pod that need not wait", () => {
  test.each([
    ["default deny is only audited", { ...pending, "ringfence.dev/default-deny": "audit" }],
    ["default deny is not set", { "ringfence.dev/isolation": "pending" }],
  ])("because %s", async (_name, labels) => {
    const { answer: ask, asked, decisions } = gate({ namespaces: namespacesOf({ shop: labels }) });
    expect(await ask(podRequest())).toEqual({ uid, allowed: true });
    expect(asked).toEqual([]);
    expect(decisions[0]?.because).toBe("not-isolated");
  });

  test.each(["kube-system", "ringfence-system", "ci-7"])(
    "because namespace %s is excluded",
    async (namespace) => {
      const { answer: ask, asked, decisions } = gate();
      expect((await ask(podRequest({ namespace }))).allowed).toBe(true);
      expect(asked).toEqual([]);
      expect(decisions[0]?.because).toBe("excluded");
    },
  );

  test.each([
    ["an update", podRequest({ operation: "UPDATE" })],
    ["a deletion", podRequest({ operation: "DELETE", object: null })],
    [
      "an eviction",
      podRequest({
        subResource: "eviction",
        kind: { group: "policy", version: "v1", kind: "Eviction" },
      }),
    ],
  ])("because %s creates none", async (_name, request) => {
    const { answer: ask, asked } = gate();
    expect(await ask(request)).toEqual({ uid, allowed: true });
    expect(asked).toEqual([]);
  });

  test("another resource is refused as a wrong configuration", async () => {
    expect((await gate().answer(namespaceRequest({}))).status?.code).toBe(400);
  });

  test("a pod without a namespace is refused", async () => {
    const request = podRequest({ namespace: "", object: { metadata: { name: "web-0" } } });
    expect((await gate().answer(request)).status).toEqual({
      code: 400,
      reason: "BadRequest",
      message: "The request has no namespace.",
    });
  });
});
