import type { Mode } from "../../../api/level.ts";
import { modes } from "../../../api/level.ts";
import type { NetworkPolicy } from "../../../api/networkpolicy.ts";
import { evaluateModes } from "../../../admission/modes.ts";
import type { Evaluator } from "../../../engine/evaluator.ts";
import type { Evaluation, Finding } from "../../../engine/finding.ts";
import type { NamespacePolicy } from "../../../engine/namespacepolicy.ts";

/** What the API server would say of an object, and what it would make of it. */
export type Validity = {
  readonly validate: (
    object: unknown,
  ) => readonly { readonly path: string; readonly message: string }[];
  /** Only for objects that are valid. */
  readonly complete: (object: NetworkPolicy) => NetworkPolicy;
};

/** A finding, and the modes of the namespace that have it. */
export type Found = Omit<Finding, "level"> & {
  readonly level?: Finding["level"];
  readonly modes: readonly Mode[];
};

/** Everything there is to say about one NetworkPolicy. */
export type Verdict = {
  readonly findings: readonly Found[];
  readonly unjudged: readonly { readonly path: string; readonly message: string }[];
  readonly notes: readonly string[];
};

/** Judges a NetworkPolicy of a file as the API server and then the webhook would. */
export function judge(
  object: NetworkPolicy,
  namespace: string,
  namespacePolicy: NamespacePolicy,
  { evaluate, validity }: { readonly evaluate: Evaluator; readonly validity: Validity },
): Verdict {
  const invalid = validity.validate(object);
  const isValid = invalid.length === 0;
  const written = isValid ? validity.complete(object) : object;
  const evaluations = evaluateModes(written, namespace, namespacePolicy, evaluate);
  if (evaluations.defect !== undefined) throw evaluations.defect;
  const each = modes.map((mode) => ({ mode, evaluation: evaluations[mode] }));
  return {
    findings: [...invalid.map(invalidObject), ...merge(each)],
    // Why an invalid object cannot be judged has been said.
    unjudged: isValid ? unique(each.flatMap(({ evaluation }) => evaluation.unjudged ?? [])) : [],
    notes: [...new Set(each.flatMap(({ evaluation }) => evaluation.notes))],
  };
}

function invalidObject({ path, message }: { path: string; message: string }): Found {
  return {
    rule: "valid-object",
    modes: ["enforce"],
    path,
    message,
    why: "The API server refuses to create the object, so that it protects nothing.",
    fix: "Correct what the message names.",
  };
}

/** One mistake is one finding, however many modes see it; the most severe mode words it. */
function merge(
  each: readonly { readonly mode: Mode; readonly evaluation: Evaluation }[],
): readonly Found[] {
  const found = new Map<string, Found>();
  for (const { mode, evaluation } of each) {
    const counts = new Map<string, number>();
    for (const finding of evaluation.findings) {
      const place = `${finding.rule} ${finding.path}`;
      const count = (counts.get(place) ?? 0) + 1;
      counts.set(place, count);
      const key = `${place} ${count}`;
      const before = found.get(key);
      found.set(
        key,
        before ? { ...before, modes: [...before.modes, mode] } : { ...finding, modes: [mode] },
      );
    }
  }
  return [...found.values()];
}

function unique<T extends { readonly path: string; readonly message: string }>(
  all: readonly T[],
): readonly T[] {
  return [...new Map(all.map((one) => [`${one.path} ${one.message}`, one])).values()];
}
