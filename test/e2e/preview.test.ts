import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { kubectl, kubectlOk } from "../support/kubectl.ts";
import { networkPolicy, specs } from "../support/policies.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { postNamespace, removeNamespaces } from "../support/rawclientnamespaces.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";

const configuration = `apiVersion: ringfence.dev/v1alpha1
kind: Configuration
defaults: {enforce: privileged, audit: privileged, warn: privileged}
defaultDeny: {newNamespaces: disabled}
exemptions: {namespaces: [preview-exempt]}
`;
const namespace = "preview-shop";

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  ringfence = await startRingfence({ configuration });
  for (const name of [namespace, "preview-exempt"]) {
    await postNamespace(client, name);
    const policies = [
      networkPolicy("from-anyone", name, specs.anyone),
      networkPolicy("from-labelled", name, specs.labelled),
      networkPolicy("from-named", name, specs.named),
    ];
    await kubectlOk(["apply", "-f", "-"], { stdin: policies });
  }
});
afterAll(async () => {
  // What was registered before the kill is taken back.
  ringfence = await startRingfence();
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await removeNamespaces("preview-");
});

const marker = "preview-marker";

/** What the preview decided so far, the markers left out. */
function decisions() {
  return ringfence
    .lines()
    .filter(({ webhook, name }) => webhook === "namespaces" && name !== marker);
}

/** How often it was asked so far; its log is read up to a question of our own. */
async function asked(): Promise<number> {
  const marks = () => ringfence.lines().filter(({ name }) => name === marker).length;
  const before = marks();
  const level = { "ringfence.dev/enforce": "baseline" };
  await postNamespace(client, marker, level, { dryRun: true });
  await vi.waitFor(() => expect(marks()).toBe(before + 1), 5_000);
  return decisions().length;
}

async function label(...args: readonly string[]) {
  const before = await asked();
  const { code, stdout, stderr } = await kubectl(["label", "namespace", ...args]);
  return { code, stdout, warnings: stderr.trim().split("\n"), asked: (await asked()) - before };
}

const restricted = [
  `Warning: 2 of 3 existing NetworkPolicies of namespace "${namespace}" would violate restricted:v1 (enforce)`,
  'Warning: NetworkPolicy "from-anyone" would violate restricted:v1: no-anyone',
  'Warning: NetworkPolicy "from-labelled" would violate restricted:v1: no-forgeable-selectors',
];

describe("kubectl label", () => {
  test("in a dry run prints what would violate the level, and changes nothing", async () => {
    const level = "ringfence.dev/enforce=restricted";
    expect(await label(namespace, level, "--dry-run=server")).toEqual({
      code: 0,
      stdout: `namespace/${namespace} labeled (server dry run)\n`,
      warnings: restricted,
      asked: 1,
    });
    const stored = await kubectlOk(["get", "namespace", namespace, "-o", "yaml"]);
    expect(stored).not.toContain("ringfence.dev/enforce");
  });

  test("prints the same when the level is set, and each step says what it changes", async () => {
    expect(await label(namespace, "ringfence.dev/enforce=restricted")).toEqual({
      code: 0,
      stdout: `namespace/${namespace} labeled\n`,
      warnings: restricted,
      asked: 1,
    });
    expect(await label(namespace, "ringfence.dev/warn=baseline")).toEqual({
      code: 0,
      stdout: `namespace/${namespace} labeled\n`,
      warnings: [
        `Warning: 1 of 3 existing NetworkPolicies of namespace "${namespace}" would violate baseline:v1 (warn)`,
        'Warning: NetworkPolicy "from-anyone" would violate baseline:v1: no-anyone',
      ],
      asked: 1,
    });
  });

  test("warns of a level that cannot be read, and of what it comes to", async () => {
    const text = "must be one of privileged, baseline, restricted";
    const unreadable = `${namespace} ringfence.dev/enforce=strict ringfence.dev/audit=loud --overwrite --dry-run=server`;
    const { code, warnings } = await label(...unreadable.split(" "));
    // enforce was restricted before: an unreadable level means the same.
    expect({ code, warnings }).toEqual({
      code: 0,
      warnings: [
        `Warning: label ringfence.dev/enforce: "strict": ${text}; enforce is treated as restricted until it is`,
        `Warning: label ringfence.dev/audit: "loud": ${text}; audit is treated as privileged until it is`,
      ],
    });
  });

  test("of anything else does not ask, nor of the same value again", async () => {
    const others = ["team=shop", "ringfence.dev/default-deny=disabled"];
    expect(await label(namespace, ...others)).toMatchObject({ code: 0, warnings: [""], asked: 0 });
    const same = "ringfence.dev/enforce=restricted";
    expect(await label(namespace, same, "--overwrite")).toMatchObject({ code: 0, asked: 0 });
    expect(await label("kube-public", same, "--dry-run=server")).toMatchObject({ asked: 0 });
    expect(await label("preview-exempt", same)).toMatchObject({ code: 0, asked: 0 });
  });
});

test("a new namespace only hears of labels that cannot be read", async () => {
  const before = await asked();
  await postNamespace(client, "preview-plain");
  expect((await asked()) - before).toBe(0);
  const metadata = {
    name: "preview-new",
    labels: { "ringfence.dev/enforce": "restricted", "ringfence.dev/warn": "loud" },
  };
  const stdin = { apiVersion: "v1", kind: "Namespace", metadata };
  expect(await kubectl(["create", "-f", "-"], { stdin })).toMatchObject({
    code: 0,
    stderr:
      'Warning: label ringfence.dev/warn: "loud": must be one of privileged, baseline, restricted; warn is treated as privileged until it is\n',
  });
  expect((await asked()) - before).toBe(1);
});

test("every preview was an allowed one, without an error, and so were the dry runs", () => {
  expect(new Set(decisions().map(({ decision }) => decision))).toEqual(new Set(["allow"]));
  expect(new Set(decisions().map(({ because }) => because))).toEqual(
    new Set(["previewed", "nothing-to-preview"]),
  );
  expect(decisions().filter(({ err }) => err !== undefined)).toEqual([]);
  const inView = ringfence.lines().filter(({ msg }) => msg === "all NetworkPolicies are in view");
  expect(inView).toHaveLength(1);
});

test("with Ringfence dead, namespaces are created and labelled as ever", async () => {
  await ringfence.kill();
  const labels = { "ringfence.dev/enforce": "restricted", "ringfence.dev/audit": "loud" };
  const { status, message } = await postNamespace(client, "preview-dead", labels);
  expect({ status, message }).toMatchObject({ status: 201 });
  const change = ["ringfence.dev/enforce=baseline", "--overwrite"];
  const { code, stdout } = await kubectl(["label", "namespace", "preview-dead", ...change]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "namespace/preview-dead labeled\n" });
});
