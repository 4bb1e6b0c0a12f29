import { expect, test } from "vitest";
import { createLeaderElection } from "../../../src/kube/lease.ts";
import { leases, objectPath } from "../../../src/kube/path.ts";
import { eventually, type Setup, setUp, silent } from "./setup.ts";

const path = objectPath(leases, "controller", "ringfence-system");

function contend({ client }: Setup, identity: string) {
  const events: string[] = [];
  const election = createLeaderElection({
    client,
    namespace: "ringfence-system",
    name: "controller",
    identity,
    log: silent,
    timing: { leaseMs: 2000, renewMs: 1000, retryMs: 20 },
    onStartedLeading: (signal) => {
      events.push("started");
      signal.addEventListener("abort", () => events.push("aborted"));
    },
    onStoppedLeading: () => events.push("stopped"),
  });
  const stop = new AbortController();
  const run = election.run(stop.signal);
  async function dispose(): Promise<void> {
    stop.abort();
    await run;
  }
  return { election, events, [Symbol.asyncDispose]: dispose };
}

test("throttling, errors and resets do not cost the leadership", async () => {
  await using setup = await setUp({ requestTimeoutMs: 50 });
  setup.api.put("/api/v1/namespaces/ringfence-system", {});
  await using a = contend(setup, "a");
  await eventually(
    () => a.election.leading,
    () => "a does not lead",
  );
  setup.api.fail({ on: "replace" }, { kind: "status", code: 429, retryAfterSeconds: 1 });
  setup.api.fail({ on: "get" }, { kind: "reset" });
  setup.api.fail({ on: "replace" }, { kind: "status", code: 500 });
  setup.api.fail({ on: "replace" }, { kind: "stall" });
  const before = setup.api.get(path)?.metadata.resourceVersion;
  await eventually(
    () => setup.api.seen("replace").length > 6,
    () => "no renewals",
  );
  expect(setup.api.get(path)?.metadata.resourceVersion).not.toBe(before);
  expect(a.events).toEqual(["started"]);
});

test("a leader cut off from the API server stops, and leads again when it is back", async () => {
  await using setup = await setUp({ requestTimeoutMs: 50 });
  setup.api.put("/api/v1/namespaces/ringfence-system", {});
  await using a = contend(setup, "a");
  await eventually(
    () => a.election.leading,
    () => "a does not lead",
  );
  setup.api.fail({ on: "any", times: Infinity }, { kind: "stall" });
  await eventually(
    () => a.events.length === 3,
    () => a.events.join(),
  );
  expect(a.election.leading).toBe(false);
  setup.api.heal();
  await eventually(
    () => a.election.leading,
    () => a.events.join(),
  );
  expect(a.events).toEqual(["started", "aborted", "stopped", "started"]);
});

test("a missing namespace is waited for", async () => {
  await using setup = await setUp();
  await using a = contend(setup, "a");
  await eventually(
    () => setup.api.seen("create").length > 1,
    () => "no attempts",
  );
  expect(a.election.leading).toBe(false);
  setup.api.put("/api/v1/namespaces/ringfence-system", {});
  await eventually(
    () => a.election.leading,
    () => "a does not lead",
  );
});
