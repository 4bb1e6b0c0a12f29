import { access, constants, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { cacheDirectory } from "../../src/controlplane/cache.ts";
import { type Environment, runCommand } from "../../src/controlplane/command.ts";
import { withLock } from "../../src/controlplane/lock.ts";
import type { Progress } from "../../src/controlplane/progress.ts";
import { findToolchain } from "../../src/controlplane/toolchain.ts";

const version = "4.3.1";
const command = `helm.sh/helm/v4/cmd/helm@v${version}`;

/** Where helm is, or why there is none. */
export type Helm = { readonly path: string } | { readonly problem: string };

export type HelmRequest = {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly now: () => number;
};

/**
 * Finds helm: RINGFENCE_HELM, the PATH, the cache; or builds it once with Go, which takes some
 * minutes. Nothing of it is needed to run Ringfence: the chart's tests and packaging use it.
 */
export async function provideHelm(request: HelmRequest, signal: AbortSignal): Promise<Helm> {
  const { environment } = request;
  const cached = join(dirname(cacheDirectory(environment)), "helm", version, "helm");
  const atHand = [environment["RINGFENCE_HELM"] ?? "", "helm", cached];
  for (const path of atHand) {
    if (path !== "" && (await works(path, environment, signal))) return { path };
  }
  const toolchain = await findToolchain(environment, signal);
  if (toolchain.problem !== undefined) {
    return { problem: `no helm on the PATH, and ${toolchain.problem} to build it` };
  }
  const tell = (): void => request.progress.line("Waiting for another process that builds helm.");
  const build = () => buildHelm(cached, request, signal);
  return withLock(`${dirname(cached)}.lock`, tell, request.now, build, signal);
}

async function buildHelm(
  target: string,
  { environment, progress }: HelmRequest,
  signal: AbortSignal,
): Promise<Helm> {
  if (await isExecutable(target)) return { path: target };
  await mkdir(dirname(target), { recursive: true });
  const staging = await mkdtemp(join(dirname(target), ".staging-"));
  const step = progress.begin(`building helm ${version}, once`);
  let outcome = "failed";
  try {
    const { GOOS: _os, GOARCH: _architecture, ...rest } = environment;
    const own = { CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off", GOBIN: staging };
    const flags = ["-trimpath", "-ldflags", "-s -w"];
    const built = await runCommand(
      "go",
      ["install", ...flags, command],
      { directory: staging, environment: { ...rest, ...own } },
      signal,
    );
    if (built.code !== 0) return { problem: `helm could not be built: ${lastLine(built.stderr)}` };
    await rename(join(staging, "helm"), target);
    outcome = "done";
    return { path: target };
  } finally {
    step.end(outcome);
    await rm(staging, { recursive: true, force: true });
  }
}

async function works(path: string, environment: Environment, signal: AbortSignal) {
  try {
    const { code } = await runCommand(path, ["version", "--short"], { environment }, signal);
    return code === 0;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
