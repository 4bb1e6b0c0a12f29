import { lint } from "../../../src/cli/commands/lint/lint.ts";
import { readObjects } from "../../../src/cli/commands/lint/objects.ts";
import type { LintReport } from "../../../src/cli/formats/lintschema.ts";
import type { LintOptions } from "../../../src/cli/options.ts";
import { judgeConfiguration } from "../../../src/config/load.ts";
import { createRules } from "../../../src/wiring/lint.ts";

type Options = Partial<Pick<LintOptions, "level" | "namespace">> & {
  readonly minor?: 34 | 35 | 36 | 37;
  /** Sections of a configuration file. */
  readonly configuration?: string;
};

/** Judges texts as if they were files called `0.yaml`, `1.yaml` and so on. */
export async function lintTexts(
  texts: readonly string[],
  { minor = 37, namespace = "default", level, configuration = "" }: Options = {},
): Promise<LintReport> {
  const loaded = judgeConfiguration(
    `apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\n${configuration}`,
  );
  if ("errors" in loaded) throw new Error(JSON.stringify(loaded.errors));
  const options = { namespace, ...(level === undefined ? {} : { level }) };
  const files = texts.map((text, index) => readObjects({ file: `${index}.yaml`, text }));
  return lint(await Promise.all(files), createRules(loaded.configuration, options, minor));
}

/** Each error and warning in one line, without its texts. */
export function brief({ findings }: LintReport): readonly string[] {
  return findings.filter(({ severity }) => severity !== "hint").map(inOneLine);
}

/** Any finding in one line, hints included. */
export function inOneLine(finding: LintReport["findings"][number]): string {
  const { file, line, column, severity, rule, object } = finding;
  return `${file}:${line}:${column} ${severity} ${rule} ${object.namespace}/${object.name}`;
}

/** A NetworkPolicy in YAML; its namespace is left out where it is empty. */
export function policy(name: string, home: string, spec: string): string {
  const place = home === "" ? "" : `, namespace: ${home}`;
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}${place}}
spec:
  podSelector: {}
${spec}
`;
}

/** A Namespace with labels of ours. */
export function labelled(name: string, labels: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}\n`;
}
