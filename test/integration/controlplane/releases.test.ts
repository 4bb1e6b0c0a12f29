import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { provideAssets, type Provision } from "../../../src/controlplane/provide.ts";
import {
  createFakeMachine,
  recordProgress,
  type FakeMachine,
} from "../../support/controlplanefakes.ts";
import { startFakeReleases, type FakeReleases } from "../../support/controlplanereleases.ts";

const version = "1.37.2";
const index =
  "raw.githubusercontent.com/kubernetes-sigs/controller-tools/HEAD/envtest-releases.yaml";
let machine: FakeMachine;
let releases: FakeReleases | undefined;

beforeEach(async () => {
  machine = await createFakeMachine(version);
});

afterEach(async () => {
  await releases?.close();
  releases = undefined;
  await rm(machine.directory, { recursive: true });
});

function provide(environment: Readonly<Record<string, string>>): Promise<Provision> {
  return provideAssets(
    {
      version,
      isExplicit: true,
      environment: { ...machine.environment, ...environment },
      progress: recordProgress([]),
      now: Date.now,
    },
    new AbortController().signal,
  );
}

test("published binaries are downloaded, checked and kept; the next run needs no network", async () => {
  releases = await startFakeReleases(version);
  const directory = join(machine.cache, version);
  expect(await provide(releases.environment)).toEqual({
    source: "downloaded",
    problems: [],
    assets: {
      directory,
      version,
      etcdVersion: "3.7.0",
      etcd: join(directory, "etcd"),
      kubeApiServer: join(directory, "kube-apiserver"),
      kubeControllerManager: undefined,
      kubectl: join(directory, "kubectl"),
    },
  });
  expect(new Set(releases.requested)).toEqual(new Set([index, "github.com/archive"]));
  expect(await readdir(machine.cache)).toEqual([version]);
  expect((await provide({})).source).toBe("from the cache");
});

test("where our patch release was not published, the newest one of its minor is taken", async () => {
  releases = await startFakeReleases("1.37.1");
  expect((await provide(releases.environment)).assets?.version).toBe("1.37.1");
  expect((await provide({})).source).toBe("from the cache");
});

test("an archive that is not what the index says is refused, and Go builds instead", async () => {
  releases = await startFakeReleases(version, false);
  const provision = await provide(releases.environment);
  expect(provision.source).toBe("built with Go");
  expect(provision.problems).toEqual([
    "no download: SHA-512 mismatch for https://github.com/archive:",
  ]);
  expect(await readdir(machine.cache)).toEqual([version]);
});

test("where the whole minor was not published, Go builds it", async () => {
  releases = await startFakeReleases("1.36.3");
  const provision = await provide(releases.environment);
  expect(provision.source).toBe("built with Go");
  expect(provision.problems).toEqual([
    'no download: envtest version "1.37" not found in release index (available: v1.36.3)',
  ]);
});
