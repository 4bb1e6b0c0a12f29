import type { Level, Version } from "../../../api/level.ts";
import type { Adviser } from "../../../engine/advise.ts";
import type { NamespaceEvaluator } from "../../../engine/namespace.ts";
import type { NamespacePolicy } from "../../../engine/namespacepolicy.ts";
import type { ManifestObject, NoObject } from "../../../manifests/objects.ts";
import type { LintReport } from "../../formats/lintschema.ts";
import type { Validity } from "./judge.ts";
import { readFacts } from "./facts.ts";
import { isNamespace, isNetworkPolicy, reasonOf } from "./kinds.ts";
import { fixedLevel } from "./levels.ts";
import { readNamespaces } from "./namespaces.ts";
import { neighboursOf } from "./neighbours.ts";
import { identify, namespaceOf, positionOf, type ReadFile } from "./objects.ts";
import { judgeTogether } from "./together.ts";
import { reportAdvice, reportVerdict } from "./verdict.ts";

/** What lint judges by. */
export type LintRules = {
  readonly evaluateNamespace: NamespaceEvaluator;
  readonly advise: Adviser;
  readonly validity: Validity;
  /** For namespaces that the input does not hold, and for labels that they do not have. */
  readonly defaults: NamespacePolicy;
  /** For everything, whatever namespaces say. */
  readonly level?: { readonly level: Level; readonly version: Version };
  /** Of objects that name none. */
  readonly namespace: string;
  /** Namespaces that nobody judges. */
  readonly exempt: ReadonlySet<string>;
};

export type Finding = LintReport["findings"][number];
type NotEvaluated = LintReport["notEvaluated"][number];
type Parts = {
  readonly findings: Finding[];
  readonly notJudged: LintReport["notJudged"];
  readonly notEvaluated: NotEvaluated[];
  readonly notes: LintReport["notes"];
};

/** Judges every NetworkPolicy in the files; what is not judged is in the report, too. */
export function lint(
  files: readonly (ReadFile | { readonly file: string; readonly problem: string })[],
  rules: LintRules,
): LintReport {
  const parts: Parts = { findings: [], notJudged: [], notEvaluated: [], notes: [] };
  const readable = files.flatMap((file) => ("problem" in file ? [] : [file]));
  const namespaces = readNamespaces(readable, rules.defaults);
  parts.notes.push(...namespaces.notes);
  const isJudged = (object: ManifestObject | NoObject): object is ManifestObject =>
    "kind" in object && isNetworkPolicy(object) && !isExempt(object, rules);
  const homeOf = (object: ManifestObject) => namespaceOf(object) || rules.namespace;
  const policies = readable.flatMap(({ objects }) => objects.filter(isJudged));
  const neighbours = neighboursOf(policies, homeOf);
  const cluster = readFacts(readable, rules.namespace);
  const together = judgeTogether(policies, homeOf, rules);
  let judged = 0;
  for (const file of files) {
    if ("problem" in file) {
      parts.notJudged.push({ file: file.file, message: file.problem });
      continue;
    }
    for (const { offset, message } of file.unreadable) {
      parts.notJudged.push({ file: file.file, ...file.at(offset), message });
    }
    for (const object of file.objects) {
      if (!isJudged(object)) {
        parts.findings.push(...namespaces.findingsOf(object));
        parts.notEvaluated.push(...notEvaluated(file, object, rules));
        continue;
      }
      judged++;
      const namespace = homeOf(object);
      const held = namespaces.levels.get(namespace) ?? rules.defaults;
      const fixed = rules.level && fixedLevel(rules.level.level, rules.level.version);
      const namespacePolicy = fixed ?? held;
      const around = { namespace, neighbours: neighbours.get(namespace), cluster };
      reportVerdict(file, object, { ...together, namespace, namespacePolicy }, parts);
      reportAdvice(file, object, rules.advise(object.value, around), around, parts);
    }
  }
  return complete(files.length, judged, parts);
}

function isExempt(object: ManifestObject, { exempt, namespace }: LintRules): boolean {
  return exempt.has(namespaceOf(object) || namespace);
}

function notEvaluated(
  file: ReadFile,
  object: ManifestObject | NoObject,
  { namespace }: LintRules,
): readonly NotEvaluated[] {
  const place = { file: file.file, ...positionOf(file, object) };
  if ("reason" in object) return [{ ...place, reason: object.reason }];
  if (isNamespace(object)) return [];
  const own = namespaceOf(object) || (isNetworkPolicy(object) ? namespace : "");
  const reason = isNetworkPolicy(object)
    ? `namespace ${JSON.stringify(own)} is exempt`
    : reasonOf(object);
  return [{ ...place, object: identify(object, own), reason }];
}

function complete(files: number, judged: number, parts: Parts): LintReport {
  const count = (severity: Finding["severity"]): number =>
    parts.findings.filter((finding) => finding.severity === severity).length;
  return {
    apiVersion: "ringfence.dev/v1alpha1",
    kind: "LintReport",
    summary: {
      files,
      judged,
      errors: count("error"),
      warnings: count("warning"),
      hints: count("hint"),
      notJudged: parts.notJudged.length,
      notEvaluated: parts.notEvaluated.length,
    },
    ...parts,
  };
}

/** 0 nothing found, 1 something would be refused, 2 something could not be judged. */
export function exitCodeOf({ summary }: LintReport): 0 | 1 | 2 {
  if (summary.notJudged > 0) return 2;
  return summary.errors > 0 ? 1 : 0;
}
