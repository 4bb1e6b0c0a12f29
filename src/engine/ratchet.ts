import { lookup } from "../api/meta.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { isFields } from "../netpol/wire.ts";
import type { LevelParameters, Parameters } from "../rules/parameters.ts";
import { isEqual } from "./equal.ts";
import { type Judgement, nothingFound } from "./evaluator.ts";
import type { Evaluation } from "./finding.ts";
import { registryOf } from "./registry.ts";
import { judgeBeside } from "./union.ts";

/**
 * Judges an update for enforce: only what is new by meaning, that is findings with a witness that
 * the old object did not admit, or with a spelling that it did not have. An update that changes
 * neither the spec nor a weakening annotation always passes, even where nothing can be judged.
 */
export function evaluateUpdate(
  parameters: LevelParameters,
  oldPolicy: NetworkPolicy,
  newPolicy: NetworkPolicy,
  { namespace, level, version, neighbours }: Judgement,
): Evaluation {
  if (level === "privileged") return nothingFound;
  const { standards, rulesOf } = registryOf(parameters);
  const standard = standards[level];
  if (isUnchanged(standard.parameters, oldPolicy, newPolicy)) return nothingFound;
  const subject = { namespace, networkPolicy: newPolicy, before: oldPolicy };
  return judgeBeside(standards, level, rulesOf(version), subject, neighbours);
}

function isUnchanged(
  { annotations }: Parameters,
  before: NetworkPolicy,
  after: NetworkPolicy,
): boolean {
  // Not even the outermost shape is certain; what is no object is left to the judge.
  if (!isFields(before) || !isFields(after) || !isEqual(before.spec, after.spec)) return false;
  return annotations.every(
    ({ key }) =>
      lookup(before.metadata?.annotations, key) === lookup(after.metadata?.annotations, key),
  );
}
