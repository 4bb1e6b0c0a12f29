import { describe, expect, test } from "vitest";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import { desiredPolicy } from "../../../src/isolation/desired.ts";
import type { Change } from "../../../src/kube/cache.ts";
import { systemClock } from "../../../src/kube/clock.ts";
import { createDenyAllWaiter } from "../../../src/wiring/denyallwaiter.ts";

function source() {
  const listeners: ((change: Change<NetworkPolicy>) => void)[] = [];
  return {
    subscribe: (listener: (change: Change<NetworkPolicy>) => void) => {
      listeners.push(listener);
      return () => {};
    },
    tell: (
      type: Change<NetworkPolicy>["type"],
      namespace: string,
      object: NetworkPolicy = desiredPolicy(namespace),
      initial = false,
    ) => {
      const key = `${namespace}/ringfence-default-deny`;
      for (const listener of listeners) listener({ type, key, object, initial });
    },
  };
}

const clock = { ...systemClock, now: () => 1000 };
const opened: NetworkPolicy = { spec: { ...desiredPolicy("shop").spec, ingress: [{}] } };
const never = new AbortController().signal;

describe("the waiter for the deny-all", () => {
  test("answers at once for a policy of the first list, which is long settled", async () => {
    const policies = source();
    const waiter = createDenyAllWaiter(policies, clock);
    policies.tell("added", "shop", desiredPolicy("shop"), true);
    expect(await waiter.wait("shop", never)).toEqual({ seenAt: 0 });
  });

  test("answers everybody who waits when the policy arrives, with the instant of its arrival", async () => {
    const policies = source();
    const waiter = createDenyAllWaiter(policies, clock);
    const both = Promise.all([waiter.wait("shop", never), waiter.wait("shop", never)]);
    policies.tell("added", "shop");
    expect(await both).toEqual([{ seenAt: 1000 }, { seenAt: 1000 }]);
  });

  test.each([
    ["of another namespace", "added", "other", desiredPolicy("other")],
    ["that does not isolate", "added", "shop", opened],
    ["that was deleted", "deleted", "shop", desiredPolicy("shop")],
  ] as const)("goes on waiting at a policy %s", async (_what, type, namespace, policy) => {
    const policies = source();
    const waiter = createDenyAllWaiter(policies, clock);
    const stop = new AbortController();
    const waiting = waiter.wait("shop", stop.signal);
    policies.tell(type, namespace, policy);
    stop.abort(new Error("late"));
    await expect(waiting).rejects.toThrow("late");
  });

  test("forgets a policy that was opened or deleted after it had been seen", async () => {
    const policies = source();
    const waiter = createDenyAllWaiter(policies, clock);
    policies.tell("added", "shop");
    policies.tell("modified", "shop", opened);
    await expect(waiter.wait("shop", AbortSignal.abort(new Error("late")))).rejects.toThrow("late");
    const stop = new AbortController();
    const waiting = waiter.wait("shop", stop.signal);
    stop.abort(new Error("still open"));
    await expect(waiting).rejects.toThrow("still open");
  });
});
