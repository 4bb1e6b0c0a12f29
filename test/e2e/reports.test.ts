import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ObjectMeta } from "../../src/api/meta.ts";
import { defaultDenyPolicy } from "../../src/api/names.ts";
import { names } from "../../src/registration/names.ts";
import { createPod } from "../support/burst.ts";
import { kubectl, kubectlOk } from "../support/kubectl.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import {
  isolatedNamespace,
  labelsOf,
  postNamespace,
  removeNamespaces,
} from "../support/rawclientnamespaces.ts";
import { startRingfence } from "../support/ringfence.ts";

// What kubectl shows people of what the controller saw, and what it counts.

let client: RawClient;
beforeAll(async () => {
  client = await openRawClient();
  await kubectl(["create", "namespace", "ringfence-system"]);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await removeNamespaces("reports-");
});

type Shown = {
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly kind: string; readonly name: string };
  readonly series?: { readonly count: number };
};

/** Events as kubectl gets them, by reason. */
async function eventsOf(namespace: string): Promise<ReadonlyMap<string, Shown>> {
  const text = await kubectlOk(["-n", namespace, "get", "events", "-o", "json"]);
  const { items }: { readonly items: readonly Shown[] } = JSON.parse(text);
  return new Map(items.map((item) => [item.reason, item]));
}

async function whenTold(namespace: string, reason: string): Promise<Shown> {
  return vi.waitFor(
    async () => {
      const events = await eventsOf(namespace);
      const found = events.get(reason);
      if (!found) throw new Error(`${reason} is not among ${[...events.keys()].join(", ")}`);
      return found;
    },
    { timeout: 15_000, interval: 100 },
  );
}

/** Neither the API server nor a webhook marks new namespaces from now on. */
async function stopMarking(): Promise<void> {
  for (const kind of [
    "mutatingadmissionpolicybinding",
    "mutatingadmissionpolicy",
    "mutatingwebhookconfiguration",
  ]) {
    const name = kind === "mutatingwebhookconfiguration" ? names.mutate : names.marking;
    await kubectl(["delete", kind, name, "--ignore-not-found"]);
  }
  await vi.waitFor(async () => {
    const { object } = await postNamespace(client, "reports-probe", {}, { dryRun: true });
    expect(object.metadata?.labels).toEqual({ "kubernetes.io/metadata.name": "reports-probe" });
  }, 10_000);
}

test("a new namespace is no news; one that nobody had marked is, and so is who opened a deny-all", async () => {
  const ringfence = await startRingfence();
  try {
    await isolatedNamespace(client, "reports-usual");
    await stopMarking();
    await isolatedNamespace(client, "reports-unmarked");
    const unmarked = await whenTold("reports-unmarked", "NamespaceUnmarked");
    expect(unmarked.involvedObject).toMatchObject({ kind: "Namespace", name: "reports-unmarked" });
    expect(unmarked.message).toMatch(/^The namespace was without the mark for \d+ s: /);
    expect(ringfence.lines()).toContainEqual(
      expect.objectContaining({
        event: "labelled",
        namespace: "reports-unmarked",
        unmarkedSeconds: expect.any(Number),
      }),
    );

    await kubectlOk(["delete", "validatingadmissionpolicybinding", names.managedPolicy]);
    const ownPods = '{"spec":{"ingress":[{"from":[{"podSelector":{}}]}]}}';
    const open = ["-n", "reports-usual", "patch", "netpol", defaultDenyPolicy, "--type=merge"];
    await vi.waitFor(async () => {
      const patched = await kubectl([...open, "-p", ownPods]);
      expect(patched.stderr).toBe("");
    }, 10_000);
    const repaired = await whenTold("reports-usual", "DefaultDenyRepaired");
    expect(repaired.message).toBe(
      `The NetworkPolicy ${defaultDenyPolicy} did not deny all traffic any more (field managers beside Ringfence: kubectl-patch) and was put right.`,
    );
    expect([...(await eventsOf("reports-usual")).keys()]).toEqual(["DefaultDenyRepaired"]);
  } finally {
    await ringfence.stop();
  }
});

test("a namespace made while everything was dead and nobody marked it is a new one", async () => {
  await using first = await startRingfence();
  await vi.waitFor(async () => {
    const uid = [
      "get",
      "validatingwebhookconfiguration",
      names.validate,
      "-o",
      "jsonpath={.metadata.uid}",
    ];
    const lease = ["-n", "ringfence-system", "get", "lease", "ringfence-controller", "-o", "json"];
    const { metadata }: { readonly metadata: ObjectMeta } = JSON.parse(await kubectlOk(lease));
    expect(metadata.annotations).toEqual({
      "ringfence.dev/installation": await kubectlOk(uid),
      "ringfence.dev/new-namespaces-enabled-since": expect.stringMatching(/^20\d\d-.*Z$/),
    });
  }, 15_000);
  await first.kill();
  await stopMarking();
  // Its creation has to be in a later second than the record.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await postNamespace(client, "reports-meanwhile");
  expect((await createPod(client, "web", "reports-meanwhile")).status).toBe(201);
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const second = await startRingfence();
  try {
    await vi.waitFor(async () => {
      expect(await labelsOf(client, "reports-meanwhile")).toMatchObject({
        "ringfence.dev/isolation": "ready",
      });
    }, 10_000);
    await whenTold("reports-meanwhile", "NamespaceUnmarked");
    const older = await whenTold("reports-meanwhile", "PodOlderThanDefaultDeny");
    expect(older.message).toContain("they are isolated now: web.");
    expect(older.message).toContain("because the namespace had not been marked");
  } finally {
    await second.stop();
  }
});

test("a pod that slipped in before the deny-all of a marked namespace is told by name", async () => {
  await using first = await startRingfence();
  await first.kill();
  // The gate is off, as if an API server with an old copy had let it in.
  await kubectlOk(["delete", "validatingadmissionpolicybinding", names.podGateBinding]);
  const labels = { "ringfence.dev/default-deny": "enabled", "ringfence.dev/isolation": "pending" };
  await postNamespace(client, "reports-early", labels);
  await vi.waitFor(async () => {
    expect((await createPod(client, "early", "reports-early")).status).toBe(201);
  }, 10_000);
  const second = await startRingfence();
  try {
    const older = await whenTold("reports-early", "PodOlderThanDefaultDeny");
    expect(older.message).toContain("although the namespace was marked from its beginning");
    expect(older.message).toContain("they are isolated now: early.");
  } finally {
    await second.stop();
  }
});
