import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { join } from "node:path";
import { defaultDenyPolicy } from "../../src/api/names.ts";
import type { ControlPlane } from "../../src/controlplane/start.ts";
import { auditFlags, startOwnControlPlane } from "../support/controlplane.ts";
import { kubectlOk } from "../support/kubectl.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { postNamespace } from "../support/rawclientnamespaces.ts";
import { type Ringfence, startRingfence } from "../support/ringfence.ts";
import { followAuditLog } from "../support/ringfenceaudit.ts";

const count = 60;
const names = Array.from({ length: count }, (_, index) => `old-${String(index).padStart(2, "0")}`);
const configuration = `apiVersion: ringfence.dev/v1alpha1
kind: Configuration
defaultDeny: { existingNamespaces: enabled }
`;

// A control plane of its own: the backfill reaches every namespace that there is.
let controlPlane: ControlPlane;
let client: RawClient;
beforeAll(async () => {
  const { signal } = new AbortController();
  controlPlane = await startOwnControlPlane({ apiServerFlags: auditFlags }, signal);
  client = await openRawClient({ kubeconfig: controlPlane.kubeconfig });
  await Promise.all(["ringfence-system", ...names].map((name) => postNamespace(client, name)));
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await controlPlane.stop();
});

function start(): Promise<Ringfence> {
  const kubeconfig = controlPlane.userKubeconfig("ringfence-dev");
  return startRingfence({ kubeconfig, configuration });
}

/** How far the backfill says it is, oldest first. */
function told(ringfence: Ringfence) {
  return ringfence
    .lines()
    .filter(({ event }) => event === "backfill")
    .map(({ phase, done, total }) => ({ phase, done, total }));
}

test("a backfill that is killed in the middle ends with each namespace written once", async () => {
  const readAudit = await followAuditLog(join(controlPlane.directory, "audit.log"));
  const first = await start();
  await vi.waitFor(() => expect(told(first).length).toBeGreaterThan(1), { timeout: 20_000 });
  await first.kill();
  const second = await start();
  await vi.waitFor(() => expect(told(second).at(-1)?.phase).toBe("completed"), { timeout: 20_000 });
  const [begun, ...further] = told(second);
  expect(begun).toEqual({ phase: "started", done: 0, total: expect.any(Number) });
  expect(begun?.total).toBeGreaterThan(0);
  expect(begun?.total).toBeLessThan(count);
  expect(further.at(-1)).toEqual({
    phase: "completed",
    done: begun?.total,
    total: begun?.total,
  });
  await second.stop();

  // What the kill cut off may have been stored without the answer being seen: one namespace at most.
  const writes = await vi.waitFor(async () => {
    const events = await readAudit();
    const mine = events.filter(
      ({ verb, user, objectRef, responseStatus }) =>
        verb === "patch" &&
        user.username.endsWith(":ringfence-dev") &&
        responseStatus?.code !== undefined &&
        responseStatus.code < 300 &&
        names.includes(objectRef?.namespace ?? objectRef?.name ?? ""),
    );
    expect(mine.length).toBeGreaterThanOrEqual(2 * count);
    return mine;
  });
  const per = Map.groupBy(writes, ({ objectRef }) => objectRef?.namespace ?? objectRef?.name);
  const more = [...per.values()].filter((each) => each.length !== 2);
  expect(more.length).toBeLessThanOrEqual(1);
  expect(more.flat().length).toBeLessThanOrEqual(4);
  const order = writes
    .filter(({ objectRef }) => objectRef?.resource === "networkpolicies")
    .map(({ objectRef }) => objectRef?.namespace);
  expect([...new Set(order)]).toEqual(names);
});

test("kubectl shows how it went: in our own namespace, and in each that was isolated", async () => {
  const reasons = async (namespace: string): Promise<readonly string[]> => {
    const path = "jsonpath={range .items[*]}{.reason}{'\\n'}{end}";
    const args = ["-n", namespace, "get", "events", "-o", path];
    const { kubeconfig } = controlPlane;
    return (await kubectlOk(args, { kubeconfig })).trim().split("\n");
  };
  const own = await reasons("ringfence-system");
  expect(own).toContain("BackfillStarted");
  expect(await reasons("old-00")).toEqual(["DefaultDenyCreated"]);
  const get = ["-n", "old-59", "get", "networkpolicy", defaultDenyPolicy, "-o", "name"];
  await kubectlOk(get, { kubeconfig: controlPlane.kubeconfig });
});
