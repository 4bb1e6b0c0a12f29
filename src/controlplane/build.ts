import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand, type Environment } from "./command.ts";
import {
  linkerFlags,
  parseUpstreamModule,
  renderModule,
  toolPackages,
  type UpstreamModule,
} from "./gomodule.ts";
import type { Progress } from "./progress.ts";

/** Builds the binaries of one Kubernetes version inside `staging` and returns the directory they are in. */
export async function buildAssets(
  version: string,
  staging: string,
  environment: Environment,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const module = join(staging, "module");
  const output = join(staging, "bin");
  await Promise.all([mkdir(module, { recursive: true }), mkdir(output, { recursive: true })]);
  const go = (step: string, args: readonly string[]): Promise<string> =>
    runGo(
      step,
      args,
      { directory: module, environment: goEnvironment(environment) },
      progress,
      signal,
    );

  const upstream = await loadUpstream(version, go);
  await writeFile(join(module, "go.mod"), renderModule(version, upstream));
  const tools = toolPackages(version, upstream);
  await go("resolving modules", [
    "get",
    "-tool",
    ...tools.map(({ path, query }) => `${path}@${query}`),
  ]);
  for (const { binary, path } of tools) {
    const target = join(output, binary);
    const flags = ["-v", "-trimpath", "-ldflags", linkerFlags(version), "-o", target];
    await go(`building ${binary}`, ["build", ...flags, path]);
  }
  return output;
}

type Go = (step: string, args: readonly string[]) => Promise<string>;

async function loadUpstream(version: string, go: Go): Promise<UpstreamModule> {
  const query = `k8s.io/kubernetes@v${version}`;
  const download: unknown = JSON.parse(
    await go("downloading k8s.io/kubernetes", ["mod", "download", "-json", query]),
  );
  const hasFile = typeof download === "object" && download !== null && "GoMod" in download;
  if (!hasFile || typeof download.GoMod !== "string") {
    throw new Error(`go mod download told no go.mod of ${query}`);
  }
  return parseUpstreamModule(
    await go("reading its go.mod", ["mod", "edit", "-json", download.GoMod]),
  );
}

// The user's flags, workspace and target platform would make something else than a tool for this machine.
function goEnvironment(environment: Environment): Environment {
  const { GOOS: _os, GOARCH: _architecture, GOBIN: _target, ...rest } = environment;
  return { ...rest, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off", GO111MODULE: "on" };
}

async function runGo(
  name: string,
  args: readonly string[],
  place: Readonly<{ directory: string; environment: Environment }>,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const step = progress.begin(name);
  let lines = 0;
  const onErrorLine = (): void => {
    lines += 1;
    step.detail(`${lines} ${args[0] === "build" ? "packages compiled" : "modules looked at"}`);
  };
  try {
    const result = await runCommand("go", args, { ...place, onErrorLine }, signal);
    if (result.code !== 0) {
      const tail = result.stderr.trimEnd().split("\n").slice(-10).join("\n");
      throw new Error(`go ${args.slice(0, 2).join(" ")} exited with ${result.code}:\n${tail}`);
    }
    step.end("done");
    return result.stdout;
  } catch (error) {
    step.end("failed");
    throw error;
  }
}
