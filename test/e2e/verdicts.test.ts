import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { kubectl, kubectlOk } from "../support/kubectl.ts";
import { networkPolicy, specs } from "../support/policies.ts";
import { openRawClient, type RawAnswer, type RawClient } from "../support/rawclient.ts";
import { postNamespace, removeNamespaces } from "../support/rawclientnamespaces.ts";
import { grantRoles, operator, weakener } from "../support/rawclientroles.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";
import { followAuditLog } from "../support/ringfenceaudit.ts";

const configuration = `apiVersion: ringfence.dev/v1alpha1
kind: Configuration
defaultDeny: {newNamespaces: audit}
exemptions:
  namespaces: [verdicts-exempt]
  users: [${operator}]
  groups: [verdicts-exempt-group]
`;

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  ringfence = await startRingfence({ configuration });
  await grantRoles(client);
  for (const level of ["privileged", "baseline", "restricted"]) {
    await postNamespace(client, `verdicts-${level}`, {
      "ringfence.dev/enforce": level,
      "ringfence.dev/audit": "privileged",
      "ringfence.dev/warn": "privileged",
    });
  }
  await postNamespace(client, "verdicts-defaults");
  await postNamespace(client, "verdicts-exempt", { "ringfence.dev/enforce": "restricted" });
  await postNamespace(client, "verdicts-unreadable", {
    "ringfence.dev/enforce": "strict",
    "ringfence.dev/warn": "loud",
  });
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await removeNamespaces("verdicts-");
});

type Spec = keyof typeof specs;
type Who = { readonly as?: string; readonly asGroup?: string };

/** A dry run, unless a name is given. */
function create(namespace: string, spec: Spec, who: Who = {}, name = ""): Promise<RawAnswer> {
  const query = name === "" ? "?dryRun=All" : "";
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies${query}`;
  const body = networkPolicy(name || "own", namespace, specs[spec]);
  return client.call({ method: "POST", path, body, ...who });
}

/** The ids of the rules that a refusal names. */
function rules({ status, message }: RawAnswer): readonly string[] | "accepted" {
  if (status === 201) return "accepted";
  if (status !== 403) return [message];
  return [...message.matchAll(/^\d+\. (\S+) at /gm)].map(([, rule = ""]) => rule);
}

test.each<[string, Spec, string | readonly string[]]>([
  ["privileged", "anyone", "accepted"],
  ["privileged", "everyNamespace", "accepted"],
  ["baseline", "denyAll", "accepted"],
  ["baseline", "named", "accepted"],
  ["baseline", "labelled", "accepted"],
  ["baseline", "everyNamespace", ["no-unnamed-namespaces"]],
  ["baseline", "anyone", ["no-anyone"]],
  ["restricted", "denyAll", "accepted"],
  ["restricted", "named", "accepted"],
  ["restricted", "labelled", ["no-forgeable-selectors"]],
  ["restricted", "everyNamespace", ["no-unnamed-namespaces"]],
  ["restricted", "anyone", ["no-anyone"]],
  ["defaults", "labelled", "accepted"],
  ["defaults", "anyone", ["no-anyone"]],
  ["unreadable", "named", "accepted"],
  ["unreadable", "labelled", ["no-forgeable-selectors"]],
  ["exempt", "anyone", "accepted"],
])("at %s, %s: %j", async (level, spec, verdict) => {
  expect(rules(await create(`verdicts-${level}`, spec))).toEqual(verdict);
});

test("a refusal tells kubectl's user the rule, the place, a proof and the fix", async () => {
  const both = { ingress: [...specs.anyone.ingress, ...specs.everyNamespace.ingress] };
  const stdin = networkPolicy("open", "verdicts-baseline", both);
  const { code, stdout, stderr } = await kubectl(["apply", "-f", "-"], { stdin });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  const lines = stderr.trim().split("\n");
  expect(lines[0]).toMatch(
    /^Error from server \(Forbidden\): .*admission webhook "validate\.ringfence\.dev" denied the request: NetworkPolicy "open" violates the network policy standard baseline \(v1\) of namespace "verdicts-baseline", 2 findings:$/,
  );
  const beginnings = lines.slice(1).map((line) => /^[ \d.]*[^: ]+( at \S+(?=:))?/.exec(line)?.[0]);
  expect(beginnings).toEqual([
    "1. no-anyone at spec.ingress[0]",
    "   proof",
    "   fix",
    "2. no-unnamed-namespaces at spec.ingress[1].from[0].namespaceSelector",
    "   proof",
    "   fix",
    "Learn",
  ]);
});

test("a warning tells kubectl's user what a stricter level would refuse", async () => {
  const stdin = networkPolicy("warned", "verdicts-defaults", specs.labelled);
  const { code, stdout, stderr } = await kubectl(["apply", "-f", "-"], { stdin });
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: "networkpolicy.networking.k8s.io/warned created\n",
  });
  expect(stderr).toMatch(
    /^Warning: would violate restricted:v1: no-forgeable-selectors at spec\.ingress\[0\]\.from\[0\]\.namespaceSelector: /,
  );
});

const nobodyThere =
  "matches-nothing-now at spec.ingress[0].from[0].namespaceSelector: no namespace matches kubernetes.io/metadata.name=monitoring now, so this peer lets nobody through. See: ringfence explain matches-nothing-now";

test("a namespace that asks for no warnings gets none, and an accepted policy only what is odd about it", async () => {
  expect((await create("verdicts-baseline", "labelled")).warnings).toEqual([]);
  expect((await create("verdicts-baseline", "named")).warnings).toEqual([]);
  expect((await create("verdicts-defaults", "named")).warnings).toEqual([nobodyThere]);
});

test("an unreadable label means the strictest level, and the user is told", async () => {
  const { warnings } = await create("verdicts-unreadable", "named");
  expect(warnings).toEqual([
    'namespace "verdicts-unreadable", label ringfence.dev/enforce: "strict": must be one of privileged, baseline, restricted; enforce is treated as restricted until it is',
    'namespace "verdicts-unreadable", label ringfence.dev/warn: "loud": must be one of privileged, baseline, restricted; warn is treated as privileged until it is',
  ]);
});

/** Our annotations of the audit event of what is done. */
async function annotations(act: () => Promise<RawAnswer>): Promise<Record<string, string>> {
  const read = await followAuditLog();
  await act();
  return vi.waitFor(async () => {
    const event = (await read()).find(({ objectRef }) => objectRef?.resource === "networkpolicies");
    if (event === undefined) throw new Error("no audit event yet");
    const own = Object.entries(event.annotations ?? {});
    return Object.fromEntries(own.filter(([key]) => key.startsWith("validate.ringfence.dev/")));
  });
}

describe("the API server's audit log", () => {
  test("says what was enforced and what audit would refuse", async () => {
    const written = await annotations(() => create("verdicts-defaults", "labelled"));
    expect(written).toEqual({
      "validate.ringfence.dev/enforce-policy": "baseline:v1",
      "validate.ringfence.dev/audit-violations": expect.stringMatching(
        /^would violate restricted:v1: no-forgeable-selectors at spec\.ingress\[0\]/,
      ),
    });
  });

  test("says it of a refusal too", async () => {
    const written = await annotations(() => create("verdicts-defaults", "anyone"));
    expect(Object.keys(written).toSorted()).toEqual([
      "validate.ringfence.dev/audit-violations",
      "validate.ringfence.dev/enforce-policy",
    ]);
  });

  test("says who was exempt", async () => {
    const written = await annotations(() =>
      create("verdicts-restricted", "anyone", { as: operator }),
    );
    expect(written).toEqual({ "validate.ringfence.dev/exempt": "user" });
  });
});

test("exempt users and groups are not judged, others are", async () => {
  expect(rules(await create("verdicts-restricted", "anyone", { as: operator }))).toBe("accepted");
  const asGroup = "verdicts-exempt-group";
  expect(rules(await create("verdicts-baseline", "anyone", { as: weakener, asGroup }))).toBe(
    "accepted",
  );
  expect(rules(await create("verdicts-baseline", "anyone", { as: weakener }))).toEqual([
    "no-anyone",
  ]);
});

test("system namespaces are not judged, the namespace default is", async () => {
  for (const namespace of ["kube-system", "kube-public", "kube-node-lease"]) {
    expect(rules(await create(namespace, "anyone"))).toBe("accepted");
  }
  expect(rules(await create("default", "anyone"))).toEqual(["no-anyone"]);
});

/** What kubectl says on stderr. */
async function dryRun(spec: Spec): Promise<string> {
  const stdin = networkPolicy("dry", "verdicts-defaults", specs[spec]);
  return (await kubectl(["create", "--dry-run=server", "-f", "-"], { stdin })).stderr;
}

test("a dry run is judged alike, and leaves nothing", async () => {
  expect(await dryRun("anyone")).toContain("no-anyone at spec.ingress[0]");
  expect(await dryRun("labelled")).toContain("Warning: would violate restricted:v1");
  expect(await dryRun("named")).toBe(`Warning: ${nobodyThere}\n`);
  const found = await kubectlOk(["-n", "verdicts-defaults", "get", "netpol", "-o", "name"]);
  expect(found).not.toContain("/dry");
});
