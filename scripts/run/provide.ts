import { type Helm, provideHelm } from "../chart/helm.ts";
import { createProgress } from "../../src/controlplane/progress.ts";
import { provideAssets, type Provision } from "../../src/controlplane/provide.ts";
import {
  defaultKubernetesVersion,
  resolveKubernetesVersion,
  supportedMinors,
} from "../../src/controlplane/versions.ts";

/** Finds or makes the binaries of a control plane for the tests, with progress on standard error. */
export function provideForTests(
  requested: string | undefined,
  signal: AbortSignal,
): Promise<Provision> {
  const version = resolveKubernetesVersion(requested ?? defaultKubernetesVersion);
  if (version === undefined) {
    const known = supportedMinors().join(", ");
    throw new Error(`Kubernetes ${requested} is not supported; these are: ${known}`);
  }
  const progress = createProgress(process.stderr, Date.now);
  const isExplicit = requested !== undefined;
  const { env: environment } = process;
  return provideAssets({ version, isExplicit, environment, progress, now: Date.now }, signal);
}

/** Finds or makes helm for the tests of the chart, with progress on standard error. */
export function provideForCharts(signal: AbortSignal): Promise<Helm> {
  const progress = createProgress(process.stderr, Date.now);
  return provideHelm({ environment: process.env, progress, now: Date.now }, signal);
}
