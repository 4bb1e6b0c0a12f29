import { readFileSync } from "node:fs";
import { parse, parseAllDocuments } from "yaml";

import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { factsOf } from "../../src/warnings/facts.ts";
import { createAdviser, type Surroundings, type Warned } from "../../src/engine/advise.ts";
import type { LevelParameters } from "../../src/rules/parameters.ts";
import { withParameters } from "./rulefixture.ts";
import { readComments } from "./fixturecomments.ts";

/**
 * One case of one warning. The file's comments say what is expected: `# expect: PATH MESSAGE` for
 * each warning, in order, and `# also: WARNING PATH` for each other one. `# parameters: {…}` differ
 * from the defaults. Further documents are the other policies of the namespace; `# alone:` says that
 * there are none, and with neither nobody knows them. Documents of other kinds are what is known of
 * the cluster; `# live:` says that there is nothing else in it.
 */
export type WarningFixture = {
  /** The first comment: what the case shows. */
  readonly title: string;
  readonly parameters: LevelParameters;
  readonly networkPolicy: NetworkPolicy;
  readonly around: Surroundings;
  readonly expect: readonly string[];
  readonly also: readonly string[];
};

const keys = new Set(["parameters", "alone", "live", "expect", "also"]);

/** Reads a fixture; whatever it says about itself and nobody understands is an error. */
export function readWarningFixture(file: string): WarningFixture {
  return parseWarningFixture(readFileSync(file, "utf8"), file);
}

/** Reads the text of a fixture, or an example of a page. */
export function parseWarningFixture(text: string, file: string): WarningFixture {
  const { comments, valuesOf } = readComments(text, file, keys);
  const [networkPolicy, ...others]: NetworkPolicy[] = parseAllDocuments(text).map((document) =>
    document.toJS(),
  );
  if (networkPolicy === undefined) throw new Error(`${file} is empty`);
  const neighbours = others.filter(({ kind }) => kind === "NetworkPolicy");
  const objects = others.filter(({ kind }) => kind !== "NetworkPolicy");
  const isKnown = neighbours.length > 0 || valuesOf("alone").length > 0;
  const complete = valuesOf("live").length > 0;
  const [parameters = "{}"] = valuesOf("parameters");
  const namespace = networkPolicy.metadata?.namespace ?? "default";
  return {
    title: comments[0] ?? "",
    parameters: withParameters(parse(parameters)),
    networkPolicy,
    around: {
      namespace,
      ...(isKnown && { neighbours }),
      ...(objects.length > 0 && { cluster: factsOf(objects, { complete, namespace }) }),
    },
    expect: valuesOf("expect"),
    also: valuesOf("also"),
  };
}

/** What is warned of in a fixture. */
export function adviseFixture({
  parameters,
  networkPolicy,
  around,
}: Pick<WarningFixture, "parameters" | "networkPolicy" | "around">): readonly Warned[] {
  return createAdviser(parameters)(networkPolicy, around);
}
