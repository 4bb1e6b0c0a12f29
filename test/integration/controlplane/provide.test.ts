import { spawn } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { runCommand, type Environment } from "../../../src/controlplane/command.ts";
import { provideAssets, type Provision } from "../../../src/controlplane/provide.ts";
import {
  createFakeMachine,
  recordProgress,
  writeFakeAssets,
  writeScript,
  type FakeMachine,
} from "../../support/controlplanefakes.ts";

const version = "1.37.2";
const provider = fileURLToPath(new URL("../../support/controlplaneprovider.ts", import.meta.url));
const never = new AbortController().signal;
const machines: FakeMachine[] = [];

async function machine(): Promise<FakeMachine> {
  const made = await createFakeMachine(version);
  machines.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(machines.splice(0).map(({ directory }) => rm(directory, { recursive: true })));
});

function provide(
  environment: Environment,
  lines: string[] = [],
  isExplicit = true,
  signal = never,
): Promise<Provision> {
  const progress = recordProgress(lines);
  return provideAssets({ version, isExplicit, environment, progress, now: Date.now }, signal);
}

async function builds({ builds: file }: FakeMachine): Promise<readonly string[]> {
  try {
    return (await readFile(file, "utf8")).trim().split("\n");
  } catch {
    return [];
  }
}

const everything = ["etcd", "kube-apiserver", "kube-controller-manager", "kubectl"];

test("without anything else it is built with Go once, and found in the cache from then on", async () => {
  const fresh = await machine();
  const lines: string[] = [];
  const first = await provide(fresh.environment, lines);
  expect(first.source).toBe("built with Go");
  expect(first.assets?.directory).toBe(join(fresh.cache, version));
  expect(lines).toEqual([
    "downloading from the envtest releases: failed",
    "  no download: the download server cannot be reached (ECONNREFUSED)",
    "Building Kubernetes 1.37.2 with Go 1.26.8; takes about six minutes once, and 5 GB of disk.",
    "downloading k8s.io/kubernetes: done",
    "reading its go.mod: done",
    "resolving modules: done",
    ...everything.map((name) => `building ${name}: done`),
    `Kubernetes 1.37.2 with etcd 3.7.0, built with Go: ${join(fresh.cache, version)}`,
  ]);
  const second = await provide(fresh.environment);
  expect(second.source).toBe("from the cache");
  expect(await builds(fresh)).toEqual(everything);
  expect(await readdir(fresh.cache)).toEqual([version]);
});

test("KUBEBUILDER_ASSETS comes before the cache, which holds another copy", async () => {
  const fresh = await machine();
  await writeFakeAssets(join(fresh.cache, version), version);
  const own = await writeFakeAssets(join(fresh.directory, "own"), version);
  const provision = await provide({ ...fresh.environment, KUBEBUILDER_ASSETS: own });
  expect(provision).toMatchObject({
    source: "from KUBEBUILDER_ASSETS",
    assets: { directory: own },
  });
});

test("KUBEBUILDER_ASSETS without binaries is an error, not a reason to look elsewhere", async () => {
  const fresh = await machine();
  const empty = join(fresh.directory, "bin");
  await expect(provide({ ...fresh.environment, KUBEBUILDER_ASSETS: empty })).rejects.toThrow(
    `KUBEBUILDER_ASSETS is set, but ${empty} has no executable etcd and no executable kube-apiserver`,
  );
});

test("KUBEBUILDER_ASSETS of another minor is refused only when a minor was asked for", async () => {
  const fresh = await machine();
  const own = await writeFakeAssets(join(fresh.directory, "own"), "1.35.4");
  const environment = { ...fresh.environment, KUBEBUILDER_ASSETS: own };
  await expect(provide(environment)).rejects.toThrow(
    "KUBEBUILDER_ASSETS has Kubernetes 1.35.4, but 1.37 was asked for",
  );
  expect((await provide(environment, [], false)).assets?.version).toBe("1.35.4");
});

test("the cache gives the exact version, or else the newest patch of its minor", async () => {
  const fresh = await machine();
  await writeFakeAssets(join(fresh.cache, "1.37.9"), "1.37.9");
  await writeFakeAssets(join(fresh.cache, "1.37.10"), "1.37.10");
  await writeFakeAssets(join(fresh.cache, "1.36.3"), "1.36.3");
  expect((await provide(fresh.environment)).assets?.version).toBe("1.37.10");
  await writeFakeAssets(join(fresh.cache, version), version);
  expect((await provide(fresh.environment)).assets?.version).toBe(version);
});

test("a cached binary that does not run is told and replaced", async () => {
  const fresh = await machine();
  await writeFakeAssets(join(fresh.cache, version), version);
  const broken = join(fresh.cache, version, "kube-apiserver");
  await writeFile(broken, "\u007FELF and then nothing");
  const lines: string[] = [];
  const provision = await provide(fresh.environment, lines);
  expect(provision.source).toBe("built with Go");
  expect(lines[0]).toBe(
    `  not from the cache: ${broken} does not run or does not tell its version`,
  );
  expect((await provide(fresh.environment)).source).toBe("from the cache");
});

test("no toolchain, or one that is too old, is said, and nothing is left behind", async () => {
  const fresh = await machine();
  await rm(join(fresh.directory, "bin", "go"));
  const environment = { ...fresh.environment, PATH: join(fresh.directory, "bin") };
  const unreachable = "no download: the download server cannot be reached (ECONNREFUSED)";
  expect(await provide(environment)).toEqual({
    assets: undefined,
    source: undefined,
    problems: [unreachable, "not built: no Go toolchain (1.26 or newer) on the PATH"],
  });
  await writeScript(join(fresh.directory, "bin", "go"), ["echo go version go1.25.3 linux/amd64"]);
  expect((await provide(environment)).problems).toEqual([
    unreachable,
    "not built: Go 1.25.3 is older than 1.26",
  ]);
  expect(await readdir(fresh.cache)).toEqual([]);
});

test("a build that fails says what Go said, and leaves no half version", async () => {
  const fresh = await machine();
  const { problems } = await provide({ ...fresh.environment, BREAK_AT: "kubectl" });
  expect(problems[1]).toBe(
    "not built: go build -v exited with 1:\nkubectl: no required module provides it",
  );
  expect(await readdir(fresh.cache)).toEqual([]);
});

test("a cache that cannot be written is said, and nothing is tried", async () => {
  const fresh = await machine();
  const file = join(fresh.directory, "file");
  await writeFile(file, "");
  const { assets, problems } = await provide({ ...fresh.environment, XDG_CACHE_HOME: file });
  expect(assets).toBeUndefined();
  expect(problems).toEqual([
    `no place to keep binaries: ENOTDIR: not a directory, mkdir '${file}/ringfence/controlplane'`,
  ]);
});

test("a build stopped by its signal leaves nothing, and the next one succeeds", async () => {
  const fresh = await machine();
  const stop = new AbortController();
  const stopWhenHanging = async (): Promise<void> => {
    while (!(await builds(fresh)).includes("hanging")) await sleep(20);
    stop.abort(new Error("enough"));
  };
  const hanging = { ...fresh.environment, HANG_AT: "kube-apiserver" };
  const [outcome] = await Promise.allSettled([
    provide(hanging, [], true, stop.signal),
    stopWhenHanging(),
  ]);
  expect(outcome).toEqual({ status: "rejected", reason: new Error("enough") });
  expect(await readdir(fresh.cache)).toEqual([]);
  expect((await provide(fresh.environment)).source).toBe("built with Go");
});

test("a process killed while it builds leaves nothing broken: the next one cleans up and builds", async () => {
  const fresh = await machine();
  const child = spawn(process.execPath, [provider], {
    env: { ...fresh.environment, HANG_AT: "kube-controller-manager" },
    stdio: "ignore",
    detached: true,
  });
  while (!(await builds(fresh)).includes("hanging")) await sleep(20);
  // The whole group, so that the fake toolchain does not sleep on.
  process.kill(-(child.pid ?? 0), "SIGKILL");
  while (child.signalCode === null) await sleep(20);
  const left = await readdir(fresh.cache);
  expect(left).toHaveLength(2);
  expect(left).toContain(`${version}.lock`);

  expect((await provide(fresh.environment)).source).toBe("built with Go");
  expect(await readdir(fresh.cache)).toEqual([version]);
});

test("of two processes started together one builds, and both use the result", async () => {
  const fresh = await machine();
  const results = await Promise.all(
    [1, 2].map(() =>
      runCommand(process.execPath, [provider], { environment: fresh.environment }, never),
    ),
  );
  const directory = join(fresh.cache, version);
  expect(results.map(({ stdout }) => stdout)).toEqual([directory, directory]);
  expect(await builds(fresh)).toEqual(everything);
  expect(results.map(({ stderr }) => stderr).join("")).toContain("from the cache");
});
