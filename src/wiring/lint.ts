import { writeFile } from "node:fs/promises";
import { systemNamespace, systemNamespaces } from "../api/names.ts";
import { type LintDeps, runLint } from "../cli/commands/lint/run.ts";
import type { LintRules } from "../cli/commands/lint/lint.ts";
import type { LintOptions } from "../cli/options.ts";
import {
  type Configuration,
  type Loaded,
  describeErrors,
  withClusterCIDRs,
} from "../config/configuration.ts";
import { resolve } from "../config/resolve.ts";
import { createAdviser } from "../engine/advise.ts";
import { createNamespaceEvaluator } from "../engine/namespace.ts";
import { defaultNetworkPolicy } from "../netpol/validity/default.ts";
import { type Minor, validateNetworkPolicy } from "../netpol/validity/validate.ts";
import { defaultParameters } from "../rules/defaults.ts";

const minors: readonly Minor[] = [34, 35, 36, 37];

export type LintSurroundings = {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
  /** False where nobody wants colours, whatever standard output is. */
  readonly wantsColours: boolean;
};

/** Judges manifests; resolves with the exit code. */
export async function lintManifests(
  paths: readonly string[],
  options: LintOptions,
  around: LintSurroundings,
): Promise<number> {
  const rules = await loadRules(options);
  if (typeof rules === "string") {
    around.stderr.write(`${rules}\n`);
    return 2;
  }
  const deps: LintDeps = {
    rules,
    stdin: () => readAll(around.stdin),
    print: (text) => void around.stdout.write(text),
    save: (file, text) =>
      writeFile(file, text).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
    complain: (text) => void around.stderr.write(text),
    isColoured: around.wantsColours && around.stdout.isTTY === true,
  };
  const outputs = options.output.length === 0 ? [{ format: "text" } as const] : options.output;
  try {
    return await runLint(paths, outputs, deps);
  } catch (error) {
    around.stderr.write(`lint failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    return 2;
  }
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What to judge by, or what is wrong with the options. */
async function loadRules(options: LintOptions): Promise<LintRules | string> {
  const minor = findMinor(options.kubernetes);
  if (minor === undefined) {
    const known = minors.map((each) => `1.${each}`).join(", ");
    return `--kubernetes ${options.kubernetes}: the validation of that version is not known. Known: ${known}.`;
  }
  const loaded = await load(options.config);
  if ("errors" in loaded) return describeErrors(options.config ?? "configuration", loaded.errors);
  return createRules(loaded.configuration, options, minor);
}

/** What a configuration and the options come to. */
export function createRules(
  configuration: Configuration,
  { level, namespace }: Pick<LintOptions, "level" | "namespace">,
  minor: Minor,
): LintRules {
  const { defaults, exemptions } = configuration;
  const { version } = defaults;
  // Without a cluster nobody knows its ranges; listed ones hold.
  const parameters = withClusterCIDRs(configuration, []);
  return {
    evaluateNamespace: createNamespaceEvaluator(parameters),
    advise: createAdviser(parameters),
    validity: {
      validate: (object) => validateNetworkPolicy(object, minor),
      complete: defaultNetworkPolicy,
    },
    defaults: {
      enforce: { level: defaults.enforce, version },
      audit: { level: defaults.audit, version },
      warn: { level: defaults.warn, version },
    },
    ...(level === undefined ? {} : { level: { level, version } }),
    namespace,
    exempt: new Set([...systemNamespaces, systemNamespace, ...exemptions.namespaces]),
  };
}

function findMinor(text: string | undefined): Minor | undefined {
  if (text === undefined) return minors.at(-1);
  const [, number] = /^v?1\.(\d+)(?:\.\d+)?$/.exec(text) ?? [];
  return minors.find((minor) => String(minor) === number);
}

/** What parses configuration files is loaded only for one. */
async function load(file: string | undefined): Promise<Loaded> {
  if (file !== undefined) return (await import("../config/load.ts")).loadConfiguration(file);
  const nothing = { apiVersion: "ringfence.dev/v1alpha1", kind: "Configuration" } as const;
  return { configuration: resolve(nothing, defaultParameters) };
}
