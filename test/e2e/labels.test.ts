import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openRawClient, type RawAnswer, type RawClient } from "../support/rawclient.ts";
import {
  isolatedNamespace,
  postNamespace,
  removeNamespaces,
} from "../support/rawclientnamespaces.ts";
import { grantRoles, namespaceController, operator, weakener } from "../support/rawclientroles.ts";
import { forms, write, type Changes } from "../support/rawclientwrites.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";

const name = "labels-restricted";
const path = `/api/v1/namespaces/${name}`;

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  ringfence = await startRingfence();
  await grantRoles(client);
  await isolatedNamespace(client, name, { "ringfence.dev/enforce": "restricted" });
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await removeNamespaces("labels-");
});

/** What became of a request, with Ringfence's reason where it is Ringfence's refusal. */
function outcome({ status, message }: RawAnswer): string {
  if (status < 300) return "done";
  const [, reason = message] =
    /'ringfence-namespace-labels-are-protected' denied request: (.*)/.exec(message) ?? [];
  return (
    /^(This \w+ \w+ \w+|The label \S+ (is set|must be))/.exec(reason)?.[0] ?? `${status} ${message}`
  );
}

/** Ringfence's labels, to be given to the namespace. */
function labels(wanted: Readonly<Record<string, string | null>>): Changes {
  const entries = Object.entries(wanted).map(([key, value]) => [`ringfence.dev/${key}`, value]);
  return { metadata: { labels: Object.fromEntries(entries) } };
}

const ofRingfence = "The label ringfence.dev/isolation is set";
/** Each change, what stops who must not weaken, and what stops everybody. */
const table: readonly (readonly [string, Changes, string, string])[] = [
  ["isolation: pending", labels({ isolation: "pending" }), ofRingfence, ofRingfence],
  ["isolation: other", labels({ isolation: "done" }), ofRingfence, ofRingfence],
  [
    "default-deny: disabled",
    labels({ "default-deny": "disabled" }),
    "This turns default deny",
    "done",
  ],
  ["default-deny: audit", labels({ "default-deny": "audit" }), "This turns default deny", "done"],
  [
    "default-deny: no",
    labels({ "default-deny": "no" }),
    "The label ringfence.dev/default-deny must be",
    "The label ringfence.dev/default-deny must be",
  ],
  ["enforce: baseline", labels({ enforce: "baseline" }), "This lowers the enforced", "done"],
  ["enforce: privileged", labels({ enforce: "privileged" }), "This lowers the enforced", "done"],
  [
    "enforce-version: latest",
    labels({ "enforce-version": "latest" }),
    "This changes the version",
    "done",
  ],
  [
    "audit and warn",
    labels({ audit: "privileged", warn: "privileged", "warn-version": "latest" }),
    "done",
    "done",
  ],
  ["enforce: unreadable", labels({ enforce: "strict" }), "done", "done"],
];
/** An apply cannot remove what another manager owns. */
const removals: typeof table = [
  ["no isolation", labels({ isolation: null }), ofRingfence, ofRingfence],
  ["no default-deny", labels({ "default-deny": null }), "This turns default deny", "done"],
  ["no enforce", labels({ enforce: null }), "This lowers the enforced", "done"],
];

describe.each([
  ["an operator of the cluster", { as: operator }, 2],
  ["an operator who may weaken", { as: weakener }, 3],
  ["the administrator", {}, 3],
] as const)("labels of Ringfence, changed by %s", (_, identity, column) => {
  test.each(["", "/status"])("through namespaces%s, in every form", async (subresource) => {
    for (const form of forms) {
      const rows = form === "server-side apply with force" ? table : [...table, ...removals];
      const outcomes: Record<string, string> = {};
      for (const [what, change] of rows) {
        const { object } = await client.call({ method: "GET", path });
        const request = write(form, `${path}${subresource}`, object, change, "?dryRun=All");
        outcomes[what] = outcome(await client.call({ ...request, ...identity }));
      }
      expect({ form, outcomes }).toEqual({
        form,
        outcomes: Object.fromEntries(rows.map((row) => [row[0], row[column]])),
      });
    }
  });

  test("through namespaces/finalize", async () => {
    const outcomes: Record<string, string> = {};
    for (const [what, change] of [...table, ...removals]) {
      const { object } = await client.call({ method: "GET", path });
      const request = write("replace", `${path}/finalize`, object, change, "?dryRun=All");
      outcomes[what] = outcome(await client.call({ ...request, ...identity }));
    }
    const rows = [...table, ...removals].map((row) => [row[0], row[column]]);
    expect(outcomes).toEqual(Object.fromEntries(rows));
  });
});

test("the namespace controller may finalize a namespace as it is", async () => {
  const { object } = await client.call({ method: "GET", path });
  const request = write(
    "replace",
    `${path}/finalize`,
    object,
    { spec: { finalizers: [] } },
    "?dryRun=All",
  );
  expect(outcome(await client.call({ ...request, as: namespaceController }))).toBe("done");
});

/** A dry run: as a user, or as the administrator. */
async function create(
  as: string | undefined,
  wanted: Readonly<Record<string, string>>,
): Promise<RawAnswer> {
  const entries = Object.entries(wanted).map(([key, value]) => [`ringfence.dev/${key}`, value]);
  const options = { dryRun: true, ...(as === undefined ? {} : { as }) };
  return postNamespace(client, "labels-new", Object.fromEntries(entries), options);
}

describe("a new namespace is compared with the configured defaults", () => {
  test.each([
    [{}, "done", "done"],
    [{ enforce: "baseline", audit: "privileged", warn: "privileged" }, "done", "done"],
    [{ enforce: "restricted" }, "done", "done"],
    [{ enforce: "privileged" }, "This lowers the enforced", "done"],
    [{ "enforce-version": "v1" }, "done", "done"],
    [{ "enforce-version": "latest" }, "This changes the version", "done"],
    [{ "default-deny": "enabled" }, "done", "done"],
    [{ "default-deny": "disabled" }, "This turns default deny", "done"],
    [{ "default-deny": "audit" }, "This turns default deny", "done"],
    [{ isolation: "pending" }, "done", "done"],
    [{ "default-deny": "disabled", isolation: "ready" }, ofRingfence, ofRingfence],
  ])("%j", async (wanted, without, withVerb) => {
    expect(outcome(await create(operator, wanted))).toBe(without);
    expect(outcome(await create(weakener, wanted))).toBe(withVerb);
    expect(outcome(await create(undefined, wanted))).toBe(withVerb);
  });

  test("a forged ready becomes pending", async () => {
    const { object } = await create(operator, { isolation: "ready" });
    expect(object.metadata?.labels?.["ringfence.dev/isolation"]).toBe("pending");
  });

  test("with other defaults, other labels weaken", async () => {
    await ringfence.reconfigure(
      "apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\n" +
        "defaults: {enforce: restricted, audit: restricted, warn: restricted}\ndefaultDeny: {newNamespaces: disabled}\n",
    );
    // The API server looks at its policies once a second.
    await vi.waitFor(async () => {
      expect(outcome(await create(operator, { enforce: "baseline" }))).toBe(
        "This lowers the enforced",
      );
      expect(outcome(await create(operator, { "default-deny": "disabled" }))).toBe("done");
      expect((await create(operator, {})).object.metadata?.labels).toEqual({
        "kubernetes.io/metadata.name": "labels-new",
      });
    }, 5000);
  });
});
