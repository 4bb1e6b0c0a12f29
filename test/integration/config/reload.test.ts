import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { describeErrors } from "../../../src/config/configuration.ts";
import { loadConfiguration } from "../../../src/config/load.ts";
import { followConfiguration } from "../../../src/config/reload.ts";
import { createWatch } from "../../../src/config/watch.ts";

const head = "apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\n";
const enforcing = (level: string): string => `${head}defaults: {enforce: ${level}}\n`;

let folder: string;
let stop: AbortController;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringfence-configuration-"));
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await rm(folder, { recursive: true });
});

/** Follows a file and keeps what was reported; `next` waits for the next report. */
function follow(path: string, wait: (signal: AbortSignal) => Promise<void>) {
  const reports: string[] = [];
  let arrived = Promise.withResolvers<void>();
  const report = (text: string): void => {
    reports.push(text);
    arrived.resolve();
  };
  const done = followConfiguration(
    {
      path,
      wait,
      accept: (configuration) => report(configuration.defaults.enforce),
      refuse: (errors) => report(describeErrors("f.yaml", errors)),
    },
    stop.signal,
  );
  const next = async (): Promise<string> => {
    if (reports.length === 0) await arrived.promise;
    arrived = Promise.withResolvers<void>();
    return reports.shift() ?? "nothing";
  };
  return { next, reports, done };
}

/** A wait that the test ends by hand. */
function manual() {
  let gate = Promise.withResolvers<void>();
  return {
    wake: (): void => gate.resolve(),
    wait: async (signal: AbortSignal): Promise<void> => {
      signal.addEventListener("abort", () => gate.reject(signal.reason), { once: true });
      await gate.promise;
      gate = Promise.withResolvers<void>();
    },
  };
}

test("a bad file is reported and never replaces the good one; the good one coming back is the last word", async () => {
  const path = join(folder, "config.yaml");
  const { wake, wait } = manual();
  await writeFile(path, enforcing("restricted"));
  const { next } = follow(path, wait);
  expect(await next()).toBe("restricted");

  await writeFile(path, enforcing("strict"));
  wake();
  expect(await next()).toBe(
    'f.yaml:3: defaults.enforce: "strict" is not allowed: use one of privileged, baseline, restricted',
  );

  await writeFile(path, enforcing("restricted"));
  wake();
  expect(await next()).toBe("restricted");
});

test("a file that disappears is reported; nothing else happens until it is back", async () => {
  const path = join(folder, "config.yaml");
  const { wake, wait } = manual();
  await writeFile(path, enforcing("baseline"));
  const { next } = follow(path, wait);
  expect(await next()).toBe("baseline");

  await rm(path);
  wake();
  expect(await next()).toContain("cannot be read: ENOENT");

  await writeFile(path, enforcing("privileged"));
  wake();
  expect(await next()).toBe("privileged");
});

test("a file that did not change is not reported again", async () => {
  const path = join(folder, "config.yaml");
  const { wake, wait } = manual();
  await writeFile(path, enforcing("baseline"));
  const { next, reports } = follow(path, wait);
  expect(await next()).toBe("baseline");

  await writeFile(path, enforcing("baseline"));
  wake();
  await writeFile(`${path}.new`, enforcing("restricted"));
  await rename(`${path}.new`, path);
  wake();
  expect(await next()).toBe("restricted");
  expect(reports).toEqual([]);
});

test("following ends quietly when the signal aborts", async () => {
  const path = join(folder, "config.yaml");
  await writeFile(path, enforcing("baseline"));
  const { next, done } = follow(path, manual().wait);
  await next();
  stop.abort();
  await expect(done).resolves.toBeUndefined();
});

test("a mounted ConfigMap is followed by events alone: the kubelet swaps a link beside the file", async () => {
  await mkdir(join(folder, "one"));
  await mkdir(join(folder, "two"));
  await writeFile(join(folder, "one", "config.yaml"), enforcing("baseline"));
  await writeFile(join(folder, "two", "config.yaml"), enforcing("restricted"));
  await symlink("one", join(folder, "..data"));
  await symlink(join("..data", "config.yaml"), join(folder, "config.yaml"));
  const path = join(folder, "config.yaml");
  const hour = 60 * 60 * 1000;
  const { next } = follow(path, createWatch(path, { pollMs: hour, settleMs: 1 }, stop.signal));
  expect(await next()).toBe("baseline");

  await symlink("two", join(folder, "..data_tmp"));
  await rename(join(folder, "..data_tmp"), join(folder, "..data"));
  expect(await next()).toBe("restricted");
});

test("where the folder of the file cannot be watched, the poll finds it", async () => {
  const path = join(folder, "later", "config.yaml");
  const { next } = follow(path, createWatch(path, { pollMs: 5, settleMs: 1 }, stop.signal));
  expect(await next()).toContain("cannot be read: ENOENT");

  await mkdir(join(folder, "later"));
  await writeFile(`${folder}/new`, enforcing("baseline"));
  await rename(`${folder}/new`, path);
  expect(await next()).toBe("baseline");
});

test("loading names what is wrong with the file itself", async () => {
  const missing = await loadConfiguration(join(folder, "none.yaml"));
  expect(missing).toEqual({
    errors: [
      {
        path: "",
        message: `cannot be read: ENOENT: no such file or directory, open '${join(folder, "none.yaml")}'`,
      },
    ],
  });
  await writeFile(join(folder, "latin1"), Buffer.from([0x61, 0xff]));
  expect(await loadConfiguration(join(folder, "latin1"))).toHaveProperty(
    "errors.0.message",
    "cannot be read: The encoded data was not valid for encoding utf-8",
  );
});

test("without a file the defaults hold", async () => {
  const loaded = await loadConfiguration(undefined);
  expect(loaded).toHaveProperty("configuration.defaults.enforce", "baseline");
});
