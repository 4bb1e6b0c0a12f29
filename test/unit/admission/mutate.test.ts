import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMutate } from "../../../src/admission/mutate.ts";
import type { AdmissionObject, AdmissionRequest } from "../../../src/api/admission.ts";
import { parseExclusion } from "../../../src/api/excluded.ts";
import type { DefaultDeny } from "../../../src/api/names.ts";
import { namespaceRequest, podRequest } from "../../support/review.ts";
import { applyPatch } from "../../support/reviewpatch.ts";
import { answer, countingClock, keepDecisions } from "../../support/reviewports.ts";

const denyLabel = "ringfence.dev/default-deny";
const isolationLabel = "ringfence.dev/isolation";

function mutate(newNamespaces: DefaultDeny = "enabled", configured: readonly string[] = []) {
  const recorder = keepDecisions();
  const exclusion = parseExclusion(configured);
  const handler = createMutate({ newNamespaces, exclusion, recorder, clock: countingClock() });
  return {
    decisions: recorder.decisions,
    answer: (request: AdmissionRequest) => answer("mutate", handler, request),
  };
}

async function patchFor(request: AdmissionRequest, newNamespaces?: DefaultDeny): Promise<unknown> {
  const { patch } = await mutate(newNamespaces).answer(request);
  return patch === undefined ? undefined : JSON.parse(Buffer.from(patch, "base64").toString());
}

const bothLabels = { [denyLabel]: "enabled", [isolationLabel]: "pending" };

describe("marking a new namespace", () => {
  test("adds both labels to a namespace with other labels", async () => {
    expect(await patchFor(namespaceRequest({ team: "a" }))).toEqual([
      { op: "add", path: "/metadata/labels/ringfence.dev~1default-deny", value: "enabled" },
      { op: "add", path: "/metadata/labels/ringfence.dev~1isolation", value: "pending" },
    ]);
  });

  test.each([
    ["missing", undefined],
    ["null", null],
  ])("creates the label map where it is %s", async (_name, labels) => {
    expect(await patchFor(namespaceRequest(labels))).toEqual([
      { op: "add", path: "/metadata/labels", value: bothLabels },
    ]);
  });

  test("creates the metadata where there are none", async () => {
    expect(await patchFor(namespaceRequest({}, { object: { metadata: null } }))).toEqual([
      { op: "add", path: "/metadata", value: { labels: bothLabels } },
    ]);
  });

  test("answers without a patch when the labels are right already", async () => {
    expect(await mutate().answer(namespaceRequest(bothLabels))).toEqual({
      uid: "66666666-7777-8888-9999-000000000000",
      allowed: true,
    });
  });

  test("turns a `ready` that the user wrote into `pending`", async () => {
    const request = namespaceRequest({ ...bothLabels, [isolationLabel]: "ready" });
    expect(await patchFor(request)).toEqual([
      { op: "add", path: "/metadata/labels/ringfence.dev~1isolation", value: "pending" },
    ]);
  });

  test.each(["audit", "disabled"])("leaves a namespace alone that says %s", async (value) => {
    expect(await patchFor(namespaceRequest({ [denyLabel]: value }))).toBeUndefined();
  });

  test.each(["audit", "disabled"] as const)(
    "adds nothing by itself when new namespaces are configured as %s",
    async (configured) => {
      expect(await patchFor(namespaceRequest({}), configured)).toBeUndefined();
    },
  );

  test("marks who asks for default deny where the configuration does not", async () => {
    expect(await patchFor(namespaceRequest({ [denyLabel]: "enabled" }), "disabled")).toEqual([
      { op: "add", path: "/metadata/labels/ringfence.dev~1isolation", value: "pending" },
    ]);
  });

  test("leaves an unreadable label and says so", async () => {
    expect(await mutate().answer(namespaceRequest({ [denyLabel]: "yes" }))).toEqual({
      uid: "66666666-7777-8888-9999-000000000000",
      allowed: true,
      warnings: [
        'label ringfence.dev/default-deny: "yes" is not one of enabled, audit, disabled: this namespace is not isolated',
      ],
    });
  });

  test("gives any label map exactly the wanted labels", async () => {
    const key = fc.oneof(
      fc.constantFrom("__proto__", "constructor", "toString", "a/b~c", denyLabel, isolationLabel),
      fc.string(),
    );
    const value = fc.oneof(fc.constantFrom("enabled", "disabled", "pending", "ready"), fc.string());
    const labels = fc.array(fc.tuple(key, value)).map(ownEntries);
    await fc.assert(
      fc.asyncProperty(labels, async (map) => {
        const request = namespaceRequest(map);
        const wanted = new Map(Object.entries(map));
        const own = wanted.get(denyLabel) ?? "enabled";
        wanted.set(denyLabel, own);
        if (own === "enabled") wanted.set(isolationLabel, "pending");
        expect(await labelsAfter(request)).toEqual([...wanted].toSorted(byKey));
      }),
    );
  });
});

/** The labels that the API server would store, as pairs: `toEqual` may overlook a key `__proto__`. */
async function labelsAfter(request: AdmissionRequest): Promise<readonly (readonly string[])[]> {
  const patch = (await patchFor(request)) ?? [];
  if (!Array.isArray(patch)) throw new Error("the patch is not a list");
  const result: AdmissionObject = Object(applyPatch(request.object, patch));
  return Object.entries(result.metadata?.labels ?? {}).toSorted(byKey);
}

function byKey([one = ""]: readonly string[], [other = ""]: readonly string[]): number {
  return one < other ? -1 : 1;
}

/** An object that owns each key, `__proto__` too, as JSON.parse makes it. */
function ownEntries(entries: readonly (readonly [string, string])[]): { [key: string]: string } {
  return Object.fromEntries(entries);
}

function named(name: string): AdmissionRequest {
  const object = { metadata: { name, labels: {} } };
  return namespaceRequest({}, { name, namespace: name, object });
}

function generated(generateName: string): AdmissionRequest {
  const object = { metadata: { generateName, labels: {} } };
  return namespaceRequest({}, { name: "", namespace: "", object });
}

describe("namespaces that are never marked", () => {
  test.each(["kube-system", "kube-public", "kube-node-lease", "default", "ringfence-system"])(
    "%s is built in",
    async (name) => {
      const { answer: ask, decisions } = mutate();
      expect(await ask(named(name))).toEqual({ uid: named(name).uid, allowed: true });
      expect(decisions[0]?.because).toBe("excluded");
    },
  );

  test("configured ones, by name and by prefix", async () => {
    const { answer: ask } = mutate("enabled", ["istio-system", "ci-*"]);
    const isPatched = async (name: string) => (await ask(named(name))).patch !== undefined;
    expect(await isPatched("istio-system")).toBe(false);
    expect(await isPatched("ci-7")).toBe(false);
    expect(await isPatched("istio-system2")).toBe(true);
    expect(await isPatched("ci")).toBe(true);
  });

  test("a generated name is marked, unless it can only become an excluded one", async () => {
    const { answer: ask } = mutate("enabled", ["ci-*"]);
    const isPatched = async (name: string) => (await ask(generated(name))).patch !== undefined;
    expect(await isPatched("shop-")).toBe(true);
    expect(await isPatched("default")).toBe(true);
    expect(await isPatched("ci-")).toBe(false);
  });
});

describe("what is not a new namespace", () => {
  test.each(["UPDATE", "DELETE"] as const)("%s passes unchanged", async (operation) => {
    const request = namespaceRequest({}, { operation });
    expect(await mutate().answer(request)).toEqual({ uid: request.uid, allowed: true });
  });

  test("another resource is refused as a wrong configuration", async () => {
    const { answer: ask, decisions } = mutate();
    expect((await ask(podRequest())).status).toEqual({
      code: 400,
      reason: "BadRequest",
      message:
        "Ringfence's mutate webhook judges v1 namespaces and was sent v1 pods (kind v1 Pod), which it cannot judge. The rules of the webhook configuration that sent it are wrong: take this resource out.",
    });
    expect(decisions[0]?.because).toBe("misdirected");
  });

  test("a request without an object is refused", async () => {
    const { status } = await mutate().answer(namespaceRequest({}, { object: null }));
    expect(status).toEqual({
      code: 400,
      reason: "BadRequest",
      message: "The request has no object.",
    });
  });
});

test("a marking is recorded as a patch", async () => {
  const { answer: ask, decisions } = mutate();
  await ask(namespaceRequest({}, { dryRun: true }));
  expect(decisions).toEqual([
    {
      webhook: "mutate",
      uid: "66666666-7777-8888-9999-000000000000",
      operation: "CREATE",
      resource: "namespaces",
      namespace: "shop",
      name: "shop",
      user: "jane",
      dryRun: true,
      decision: "allow",
      because: "marked",
      patched: true,
      milliseconds: 0,
    },
  ]);
});
