import { type JsonPatch, type Operation, pointer } from "../../src/api/jsonpatch.ts";
import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { createEvaluator } from "../../src/engine/evaluator.ts";
import type { Finding } from "../../src/engine/finding.ts";
import { evaluateUpdate } from "../../src/engine/ratchet.ts";
import { validateNetworkPolicy } from "../../src/netpol/validity/validate.ts";
import { segmentsOf } from "../../src/rules/describe.ts";
import type { LevelParameters } from "../../src/rules/parameters.ts";
import { jsonPatch } from "./fakeapiserver/patching.ts";
import { moreThan } from "./patchedreach.ts";

/** What a finding was found in. */
export type Judged = {
  readonly networkPolicy: NetworkPolicy;
  readonly namespace: string;
  readonly level: "baseline" | "restricted";
  readonly parameters: LevelParameters;
};

/** Rules about sums: which of the contributors carries the finding depends on all of them. */
const sums: ReadonlySet<string> = new Set(["no-broad-addresses", "require-ports"]);

/** Rules whose patch says plainly what plugins read in different ways: it has to choose a reading. */
const spellings: ReadonlySet<string> = new Set([
  "no-ambiguous-address",
  "require-canonical-address",
]);
const dependsOnPlugin = "depends on the network plugin";

/** The findings of a policy by itself. */
export function findingsOf({ networkPolicy, parameters, ...where }: Judged): readonly Finding[] {
  return createEvaluator(parameters)(networkPolicy, { ...where, version: "v1" }).findings;
}

/** Everything that a patch promises and that the patch of this finding does not keep. */
export function brokenPromises(judged: Judged, finding: Finding, patch: JsonPatch): string[] {
  const { networkPolicy, parameters, ...where } = judged;
  const how = { ...where, version: "v1" } as const;
  // Generated policies use one object in several places; in a file these are several.
  const copy: NetworkPolicy = JSON.parse(JSON.stringify(networkPolicy));
  const patched = jsonPatch(copy, patch);
  const before = findingsOf(judged);
  const { findings: after, unjudged } = createEvaluator(parameters)(patched, how);
  const update = evaluateUpdate(parameters, networkPolicy, patched, how);
  const known = new Set(before.map(keyOf));
  const left = after.map((one) => keyOf({ rule: one.rule, path: formerPath(one.path, patch) }));
  const count = (all: readonly Finding[]) => all.filter(({ rule }) => rule === finding.rule).length;
  const isNew = (key: string) => !known.has(key) && !sums.has(key.replace(/ .*/, ""));
  return [
    ...(unjudged ? [`cannot be judged: ${unjudged.path} ${unjudged.message}`] : []),
    ...left.filter((key) => key === keyOf(finding)).map((key) => `is still there: ${key}`),
    ...(count(after) < count(before) ? [] : [`no ${finding.rule} less than before`]),
    ...left.filter(isNew).map((key) => `is new: ${key}`),
    ...update.findings.map((one) => `is new as an update: ${keyOf(one)}`),
    ...(update.unjudged ? ["the update cannot be judged"] : []),
    ...invalidities(networkPolicy, patched).map((text) => `is invalid: ${text}`),
    ...moreThan(networkPolicy, patched, judged.namespace)
      .filter(([, was]) => was !== dependsOnPlugin || !spellings.has(finding.rule))
      .map(([connection]) => `newly admits ${connection}`),
    ...patch.filter((one) => !isAbout(one, finding)).map(({ path }) => `also touches ${path}`),
  ];
}

function keyOf({ rule, path }: Pick<Finding, "rule" | "path">): string {
  return `${rule} ${path}`;
}

/** What an API server refuses in the patched object and did not refuse before. */
function invalidities(before: NetworkPolicy, after: NetworkPolicy): readonly string[] {
  const known = new Set(validateNetworkPolicy(before, 37).map(({ message }) => message));
  return validateNetworkPolicy(after, 37)
    .filter(({ message }) => !known.has(message))
    .map(({ path, message }) => `${path} ${message}`);
}

/** The place that the patch touches holds the finding or is held by it; sums have several blocks. */
function isAbout({ path }: Operation, finding: Finding): boolean {
  if (path === "/spec/policyTypes") return true;
  const [root = "", direction = "", ...rest] = segmentsOf(finding.path);
  if (finding.rule === "no-broad-addresses") return path.startsWith(pointer(root, direction));
  if (root === "metadata") return path.startsWith("/metadata/annotations/");
  const [rule, , peer] = rest;
  const place = pointer(
    ...[root, direction, rule ?? [], peer === undefined ? [] : rest.slice(1, 3)].flat(),
  );
  return path.startsWith(place) || place.startsWith(`${path}/`);
}

/** Where the thing that now stands at the path stood before items of lists were removed. */
function formerPath(path: string, patch: JsonPatch): string {
  return patch.toReversed().reduce((now, { op, path: removed }) => {
    const [, list = "", index] = /^(.*)\/(\d+)$/.exec(removed) ?? [];
    if (op !== "remove" || index === undefined) return now;
    const start = list
      .slice(1)
      .replace(/\/(\d+)/g, "[$1]")
      .replaceAll("/", ".");
    if (!now.startsWith(`${start}[`)) return now;
    const end = now.indexOf("]", start.length);
    const at = Number(now.slice(start.length + 1, end));
    return at < Number(index) ? now : `${start}[${at + 1}${now.slice(end)}`;
  }, path);
}
