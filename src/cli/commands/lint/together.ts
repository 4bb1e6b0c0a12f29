import type { NetworkPolicy } from "../../../api/networkpolicy.ts";
import type { Evaluator, Judgement } from "../../../engine/evaluator.ts";
import type { Evaluation } from "../../../engine/finding.ts";
import type { NamespaceEvaluator } from "../../../engine/namespace.ts";
import type { ManifestObject } from "../../../manifests/objects.ts";
import type { Validity } from "./judge.ts";

/**
 * Judges the policies of each namespace together, though they are asked for one after the other.
 * What the API server would refuse is no neighbour of anything.
 */
export function judgeTogether(
  objects: readonly ManifestObject[],
  homeOf: (object: ManifestObject) => string,
  rules: { readonly evaluateNamespace: NamespaceEvaluator; readonly validity: Validity },
): { readonly evaluate: Evaluator; readonly validity: Validity } {
  const problems = new Map<unknown, ReturnType<Validity["validate"]>>();
  const completed = new Map<NetworkPolicy, NetworkPolicy>();
  const groups = new Map<string, NetworkPolicy[]>();
  for (const object of objects) {
    const { value } = object;
    const invalid = rules.validity.validate(value);
    problems.set(value, invalid);
    if (invalid.length > 0) continue;
    const whole = rules.validity.complete(value);
    completed.set(value, whole);
    const group = groups.get(homeOf(object)) ?? [];
    group.push(whole);
    groups.set(homeOf(object), group);
  }
  const known = new Map<string, ReadonlyMap<NetworkPolicy, Evaluation>>();

  function evaluateAll({ namespace, level, version }: Judgement) {
    const key = `${namespace} ${level} ${version}`;
    const group = groups.get(namespace) ?? [];
    const evaluations = known.get(key) ?? pair(group, { namespace, level, version });
    known.set(key, evaluations);
    return evaluations;
  }

  function pair(group: readonly NetworkPolicy[], how: Judgement) {
    const evaluations = rules.evaluateNamespace(group, how);
    return new Map(evaluations.map((evaluation, index) => [group[index] ?? {}, evaluation]));
  }

  return {
    evaluate(networkPolicy, how) {
      const evaluation =
        evaluateAll(how).get(networkPolicy) ?? pair([networkPolicy], how).get(networkPolicy);
      if (evaluation === undefined) throw new Error("a policy has no verdict");
      return evaluation;
    },
    validity: {
      validate: (object) => problems.get(object) ?? rules.validity.validate(object),
      complete: (object) => completed.get(object) ?? rules.validity.complete(object),
    },
  };
}
