import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSources } from "../../../src/cli/commands/lint/sources.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringfence-sources-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(files: { readonly [path: string]: string | Uint8Array }): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** What the paths name, relative to the folder: `file: text` or `file! problem`. */
async function read(...paths: readonly string[]): Promise<readonly string[]> {
  const whole = paths.map((path) => (path === "-" ? path : join(folder, path)));
  const sources = await readSources(whole, async () => new TextEncoder().encode("from stdin"));
  return sources.map((source) => {
    const file = source.file.replace(`${folder}/`, "");
    return "text" in source ? `${file}: ${source.text}` : `${file}! ${source.problem}`;
  });
}

test("a folder stands for the manifests in it and below, in the order of names", async () => {
  await write({
    "d/b.yaml": "b",
    "d/a.YML": "a",
    "d/c/e.json": "e",
    "d/readme.md": "x",
    "d/z": "x",
  });
  expect(await read("d")).toEqual(["d/a.YML: a", "d/b.yaml: b", "d/c/e.json: e"]);
});

test("a file that is named is read, whatever it is called", async () => {
  await write({ "policy.txt": "a" });
  expect(await read("policy.txt")).toEqual(["policy.txt: a"]);
});

test("a dash is standard input, once", async () => {
  expect(await read("-", "-")).toEqual(["<stdin>: from stdin"]);
});

test("nothing is read twice, whatever ways lead there", async () => {
  await write({ "d/a.yaml": "a", "d/e/b.yaml": "b" });
  await symlink(join(folder, "d/a.yaml"), join(folder, "d/e/link.yaml"));
  expect(await read("d/e", "d", "d/a.yaml", "d")).toEqual(["d/e/b.yaml: b", "d/e/link.yaml: a"]);
});

test("links are followed, and those in circles come to an end", async () => {
  await write({ "d/a.yaml": "a", "elsewhere/b.yaml": "b", "elsewhere/c.txt": "c" });
  await symlink("..", join(folder, "d/up"));
  await symlink(join(folder, "elsewhere"), join(folder, "d/side"));
  await symlink(join(folder, "elsewhere/c.txt"), join(folder, "d/c.txt"));
  expect(await read("d")).toEqual(["d/a.yaml: a", "d/side/b.yaml: b"]);
});

test("what cannot be read is a problem of its own and hides nothing else", async () => {
  await write({ "d/a.yaml": "a", "d/latin.yaml": new Uint8Array([0x61, 0xe9]) });
  await symlink("nowhere", join(folder, "d/dangling.yaml"));
  await symlink("self.yaml", join(folder, "d/self.yaml"));
  expect(await read("missing.yaml", "d")).toEqual([
    "missing.yaml! does not exist",
    "d/a.yaml: a",
    "d/dangling.yaml! does not exist",
    "d/latin.yaml! is not UTF-8",
    "d/self.yaml! is a link that leads to itself",
  ]);
});

test("a folder without manifests is a problem: the path may be mistyped", async () => {
  await write({ "d/readme.md": "x", "d/e/x": "x" });
  expect(await read("d")).toEqual(["d! holds no *.yaml, *.yml or *.json file"]);
});

test("a byte order mark is no part of the text", async () => {
  await write({ "a.yaml": "\ufeffa: 1" });
  expect(await read("a.yaml")).toEqual(["a.yaml: a: 1"]);
});
