import { readFileSync } from "node:fs";
import { parse, parseAllDocuments } from "yaml";

import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { createEvaluator } from "../../src/engine/evaluator.ts";
import type { Evaluation } from "../../src/engine/finding.ts";
import { evaluateUpdate } from "../../src/engine/ratchet.ts";
import { defaultParameters } from "../../src/rules/defaults.ts";
import type { LevelParameters, Parameters } from "../../src/rules/parameters.ts";
import type { Rule } from "../../src/rules/rule.ts";
import { readComments } from "./fixturecomments.ts";

/**
 * One case of one rule. The file's comments say what is expected: `# expect: PATH MESSAGE` for each
 * finding of the rule, in order, `# also: RULE PATH` for each finding of another rule, `# note: TEXT`.
 * `# level:` and `# parameters: {…}` differ from the defaults; a second document, below `# before:`,
 * is the policy that the first one replaces.
 */
export type Fixture = {
  /** The first comment: what the case shows. */
  readonly title: string;
  readonly level: Rule["level"];
  readonly parameters: LevelParameters;
  readonly networkPolicy: NetworkPolicy;
  readonly before: NetworkPolicy | undefined;
  readonly expect: readonly string[];
  readonly also: readonly string[];
  readonly notes: readonly string[];
};

/** Reads a fixture; whatever it says about itself and nobody understands is an error. */
export function readFixture(file: string, rule: Rule): Fixture {
  const text = readFileSync(file, "utf8");
  const { comments, valuesOf } = readComments(text, file, keys);
  const documents = parseAllDocuments(text);
  const [networkPolicy, before]: NetworkPolicy[] = documents.map((document) => document.toJS());
  if (networkPolicy === undefined) throw new Error(`${file} is empty`);
  const [level = rule.level] = valuesOf("level");
  if (level !== "baseline" && level !== "restricted") throw new Error(`${file}: no level ${level}`);
  const [parameters = "{}"] = valuesOf("parameters");
  return {
    title: comments[0] ?? "",
    level,
    parameters: withParameters(parse(parameters)),
    networkPolicy,
    before,
    expect: valuesOf("expect"),
    also: valuesOf("also"),
    notes: valuesOf("note"),
  };
}

const keys = new Set(["level", "parameters", "before", "expect", "also", "note"]);

/** A fixture says which ranges its cluster has; without a cluster there are none. */
export function withParameters(changed: Partial<Parameters>): LevelParameters {
  const { baseline, restricted } = defaultParameters;
  return {
    baseline: { ...baseline, clusterCIDRs: [], ...changed },
    restricted: { ...restricted, clusterCIDRs: [], ...changed },
  };
}

/** Judges a policy as the fixture says, as an update where the fixture has an earlier version. */
export function judgeFixture(
  { level, parameters, before }: Pick<Fixture, "level" | "parameters" | "before">,
  networkPolicy: NetworkPolicy,
): Evaluation {
  const namespace = networkPolicy.metadata?.namespace ?? "default";
  const how = { namespace, level, version: "v1" } as const;
  return before === undefined
    ? createEvaluator(parameters)(networkPolicy, how)
    : evaluateUpdate(parameters, before, networkPolicy, how);
}
