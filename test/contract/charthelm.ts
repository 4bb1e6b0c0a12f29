import { parseAllDocuments } from "yaml";

import { type Helm, provideHelm } from "../../scripts/chart/helm.ts";
import { runCommand } from "../../src/controlplane/command.ts";
import { createProgress } from "../../src/controlplane/progress.ts";

export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
};

const chart = new URL("../../charts/ringfence", import.meta.url).pathname;
const { env: environment } = process;
const limitMs = 15 * 60_000;

/** Finds or builds helm; without it the chart's tests say so, and fail where they are required. */
export async function findHelm(): Promise<Helm> {
  const progress = createProgress(process.stderr, Date.now);
  const request = { environment, progress, now: Date.now };
  const helm = await provideHelm(request, AbortSignal.timeout(limitMs));
  if ("problem" in helm) {
    const required = environment["CI"] ?? environment["RINGFENCE_REQUIRE_HELM"];
    if (required) throw new Error(`The chart cannot be tested: ${helm.problem}`);
    console.warn(`The rendering of the chart was not tested: ${helm.problem}.`);
  }
  return helm;
}

const rendered = new Map<string, Promise<readonly Manifest[]>>();

/** The chart as it would be installed; `apis` are those that the API server is said to serve. */
export function renderChart(
  helm: Helm,
  values: object = {},
  { namespace = "ringfence-system", apis = [] as readonly string[] } = {},
): Promise<readonly Manifest[]> {
  const key = JSON.stringify([values, namespace, apis]);
  const known = rendered.get(key) ?? render(helm, values, namespace, apis);
  rendered.set(key, known);
  return known;
}

async function render(
  helm: Helm,
  values: object,
  namespace: string,
  apis: readonly string[],
): Promise<readonly Manifest[]> {
  const { code, stdout, stderr } = await template(helm, values, namespace, apis);
  if (code !== 0) throw new Error(`helm template: ${stderr}`);
  return parseAllDocuments(stdout, { strict: true, uniqueKeys: true }).flatMap((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    const manifest: Manifest | null = document.toJS();
    return manifest === null ? [] : [manifest];
  });
}

/** What helm says to values that it refuses. */
export async function refusal(helm: Helm, values: object): Promise<string> {
  const { code, stderr } = await template(helm, values, "ringfence-system", []);
  return code === 0 ? "accepted" : stderr;
}

async function template(
  helm: Helm,
  values: object,
  namespace: string,
  apis: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  if ("problem" in helm) throw new Error(helm.problem);
  const served = apis.flatMap((api) => ["--api-versions", api]);
  return runCommand(
    helm.path,
    ["template", "ringfence", chart, "--namespace", namespace, "--values", "-", ...served],
    { environment, stdin: JSON.stringify(values) },
    AbortSignal.timeout(60_000),
  );
}

/** The one object of a kind and name. */
export function pick(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((each) => each.kind === kind && each.metadata.name === name);
  const [only] = found;
  if (only === undefined || found.length !== 1) {
    throw new Error(`${String(found.length)} objects are ${kind} ${name}`);
  }
  return only;
}
