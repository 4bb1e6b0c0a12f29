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

const count = 400;
/** Namespaces that are worked on at the same time. */
const inFlight = 16;
const names = Array.from({ length: count }, (_, index) => `old-${String(index).padStart(3, "0")}`);
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

test(
  "a backfill that is killed in the middle ends with each namespace written once",
  { timeout: 120_000 },
  async () => {
    const readAudit = await followAuditLog(join(controlPlane.directory, "audit.log"));
    await using first = await start();
    await vi.waitFor(() => expect(told(first).length).toBeGreaterThan(1), { timeout: 40_000 });
    await first.kill();
    await using second = await start();
    await vi.waitFor(() => expect(told(second).at(-1)?.phase).toBe("completed"), {
      timeout: 40_000,
    });
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

    const writes = await vi.waitFor(async () => {
      const mine = (await readAudit()).filter(
        ({ verb, user, objectRef, responseStatus }) =>
          verb === "patch" &&
          user.username.endsWith(":ringfence-dev") &&
          (responseStatus?.code ?? 500) < 300 &&
          names.includes(objectRef?.namespace ?? objectRef?.name ?? ""),
      );
      // Of what was in flight at the kill nobody saw the answer; it may be logged as a failure.
      expect(mine.length).toBeGreaterThanOrEqual(2 * count - inFlight);
      return mine.map(
        ({ objectRef }) => `${objectRef?.resource} ${objectRef?.name} ${objectRef?.namespace}`,
      );
    });
    expect(writes.filter((write, index) => writes.indexOf(write) !== index)).toEqual([]);
    const ready = ["get", "namespaces", "-l", "ringfence.dev/isolation=ready", "-o", "name"];
    const { kubeconfig } = controlPlane;
    const isolated = (await kubectlOk(ready, { kubeconfig })).trim().split("\n");
    expect(isolated).toEqual(expect.arrayContaining(names.map((name) => `namespace/${name}`)));
  },
);

test("kubectl shows how it went: in our own namespace, and in each that was isolated", async () => {
  const reasons = async (namespace: string): Promise<readonly string[]> => {
    const path = "jsonpath={range .items[*]}{.reason}{'\\n'}{end}";
    const args = ["-n", namespace, "get", "events", "-o", path];
    const { kubeconfig } = controlPlane;
    return (await kubectlOk(args, { kubeconfig })).trim().split("\n");
  };
  const own = await reasons("ringfence-system");
  expect(own).toContain("BackfillStarted");
  expect(await reasons("old-000")).toEqual(["DefaultDenyCreated"]);
  const get = ["-n", "old-399", "get", "networkpolicy", defaultDenyPolicy, "-o", "name"];
  await kubectlOk(get, { kubeconfig: controlPlane.kubeconfig });
});
