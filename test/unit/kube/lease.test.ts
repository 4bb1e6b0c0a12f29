import { pino } from "pino";
import { expect, test } from "vitest";
import { ApiError } from "../../../src/kube/apierror.ts";
import type { CandidateOptions } from "../../../src/kube/candidate.ts";
import { createLeaderElection, type LeaderElection } from "../../../src/kube/lease.ts";
import type { Lease } from "../../../src/kube/leaserecord.ts";
import { ManualClock, settle } from "./manualclock.ts";

const log = pino({ level: "silent" });

/** A lease in memory, with the API server's optimistic concurrency. */
function leaseServer() {
  const state: { lease: Lease | undefined; down: boolean; stalled: boolean; version: number } = {
    lease: undefined,
    down: false,
    stalled: false,
    version: 0,
  };
  async function reach(signal: AbortSignal): Promise<void> {
    if (state.down) throw new Error("unreachable");
    if (!state.stalled) return;
    const { promise, reject } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => reject(signal.reason));
    await promise;
  }
  function store<T extends object>(object: T): T {
    const text = JSON.stringify(object);
    const stored: T & { metadata: { resourceVersion: string } } = JSON.parse(text);
    stored.metadata.resourceVersion = String((state.version += 1));
    state.lease = JSON.parse(JSON.stringify(stored));
    return stored;
  }
  const client: CandidateOptions["client"] = {
    get: async <T>(_path: string, signal: AbortSignal) => {
      await reach(signal);
      const found: T | undefined = state.lease && JSON.parse(JSON.stringify(state.lease));
      return found;
    },
    create: async (_path, object, _options, signal) => {
      await reach(signal);
      if (state.lease) throw new ApiError("POST", 409, {});
      return store(object);
    },
    replace: async (_path, object, _options, signal) => {
      await reach(signal);
      const { metadata }: Partial<Lease> = object;
      if (metadata?.resourceVersion !== state.lease?.metadata.resourceVersion)
        throw new ApiError("PUT", 409, {});
      return store(object);
    },
  };
  return { state, client };
}

type Contender = { readonly election: LeaderElection; readonly events: string[]; stop(): void };

function contend(
  identity: string,
  client: CandidateOptions["client"],
  clock: ManualClock,
  work?: (signal: AbortSignal) => Promise<void>,
): Contender {
  const events: string[] = [];
  const stopping = new AbortController();
  const election = createLeaderElection({
    client,
    namespace: "ringfence-system",
    name: "controller",
    identity,
    clock,
    random: () => 0,
    log,
    onStartedLeading: (signal) => {
      events.push("started");
      signal.addEventListener("abort", () => events.push("aborted"));
      return work?.(signal);
    },
    onStoppedLeading: () => events.push("stopped"),
  });
  void election.run(stopping.signal);
  return { election, events, stop: () => stopping.abort() };
}

test("the first takes the lease, keeps it, and the second waits", async () => {
  const { state, client } = leaseServer();
  const clock = new ManualClock();
  const a = contend("a", client, clock);
  await settle();
  const b = contend("b", client, clock);
  await clock.advance(60_000);
  expect([a.election.leading, b.election.leading]).toEqual([true, false]);
  expect([a.events, b.events]).toEqual([["started"], []]);
  expect(b.election.holder).toBe("a");
  expect(state.lease?.spec).toEqual({
    holderIdentity: "a",
    leaseDurationSeconds: 15,
    acquireTime: "2026-01-01T00:00:00.000000Z",
    renewTime: "2026-01-01T00:01:00.000000Z",
    leaseTransitions: 0,
  });
  a.stop();
  b.stop();
});

test("stopping releases the lease, and the next leads within one retry", async () => {
  const { state, client } = leaseServer();
  const clock = new ManualClock();
  const a = contend("a", client, clock);
  await settle();
  const b = contend("b", client, clock);
  await settle();
  a.stop();
  await settle();
  expect(a.events).toEqual(["started", "aborted", "stopped"]);
  expect(state.lease?.spec?.holderIdentity).toBeUndefined();
  await clock.advance(2000);
  expect(b.election.leading).toBe(true);
  expect(state.lease?.spec?.leaseTransitions).toBe(1);
  b.stop();
});

test("a dead holder is replaced after 15 s without a change, whatever its timestamps say", async () => {
  const { state, client } = leaseServer();
  const clock = new ManualClock();
  state.lease = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { resourceVersion: "dead" },
    spec: {
      holderIdentity: "dead",
      leaseDurationSeconds: 15,
      renewTime: "1999-01-01T00:00:00.000000Z",
    },
  };
  const b = contend("b", client, clock);
  await clock.advance(15_000);
  expect(b.election.leading).toBe(false);
  await clock.advance(2000);
  expect(b.election.leading).toBe(true);
  b.stop();
});

test("a holder whose clock is years ahead is replaced as soon as it stops renewing", async () => {
  const { state, client } = leaseServer();
  const clock = new ManualClock();
  state.lease = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { resourceVersion: "ahead" },
    spec: {
      holderIdentity: "ahead",
      leaseDurationSeconds: 999_999,
      renewTime: "2099-01-01T00:00:00.000000Z",
    },
  };
  const b = contend("b", client, clock);
  await clock.advance(60_000);
  expect(b.election.leading).toBe(false);
  await clock.advance(3000);
  expect(b.election.leading).toBe(true);
  b.stop();
});

test.each(["down", "stalled"] as const)(
  "a leader that cannot renew because the API server is %s stops after 10 s, before others start",
  async (how) => {
    const { state, client } = leaseServer();
    const clock = new ManualClock();
    const a = contend("a", client, clock);
    await settle();
    state[how] = true;
    await clock.advance(9999);
    expect(a.election.leading).toBe(true);
    await clock.advance(1);
    expect(a.election.leading).toBe(false);
    expect(a.events).toEqual(["started", "aborted", "stopped"]);
    state[how] = false;
    await clock.advance(12_000);
    expect(a.election.leading).toBe(true);
    a.stop();
  },
);

test("a leader that was frozen knows at once that it may lead no more", async () => {
  const { client } = leaseServer();
  const clock = new ManualClock();
  const a = contend("a", client, clock);
  await settle();
  const frozen = clock.freeze(60_000);
  expect(a.election.leading).toBe(false);
  await frozen;
  expect(a.events.slice(0, 3)).toEqual(["started", "aborted", "stopped"]);
  a.stop();
});

test("a mere change of the lease by somebody else does not cost the leadership", async () => {
  const { state, client } = leaseServer();
  const clock = new ManualClock();
  const a = contend("a", client, clock);
  await settle();
  const replace = client.replace;
  let conflicts = 1;
  Object.assign(client, {
    replace: async (...given: Parameters<typeof replace>) => {
      if (conflicts-- > 0) throw new ApiError("PUT", 409, {});
      return replace(...given);
    },
  });
  await clock.advance(30_000);
  expect(a.events).toEqual(["started"]);
  expect(state.lease?.spec?.holderIdentity).toBe("a");
  a.stop();
});

test("a leader whose work fails gives the lease up", async () => {
  const { state, client } = leaseServer();
  const clock = new ManualClock();
  const a = contend("a", client, clock, async () => {
    throw new Error("broken");
  });
  await settle();
  expect(a.events).toEqual(["started", "aborted", "stopped"]);
  expect(state.lease?.spec?.holderIdentity).toBeUndefined();
  a.stop();
});

test("work that ignores its signal does not keep the lease from others", async () => {
  const { state, client } = leaseServer();
  const clock = new ManualClock();
  const a = contend("a", client, clock, () => new Promise(() => {}));
  await settle();
  a.stop();
  await settle();
  expect(state.lease?.spec?.holderIdentity).toBe("a");
  await clock.advance(10_000);
  expect(state.lease?.spec?.holderIdentity).toBeUndefined();
  expect(a.events).toEqual(["started", "aborted", "stopped"]);
});
