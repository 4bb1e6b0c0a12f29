import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Output } from "../../../src/cli/options.ts";
import { lintManifests } from "../../../src/wiring/lint.ts";

const corpus = "test/golden/lint/corpus";
/** Set to write what is printed instead of comparing it; look at the difference before you commit. */
const isWriting = process.env["UPDATE_GOLDEN"] === "1";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringfence-golden-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function* stdin(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode("apiVersion: v1\nkind: ");
  yield new TextEncoder().encode("Pod\n");
}

async function lint(
  paths: readonly string[],
  output: readonly Output[],
  isTTY = false,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const texts = { stdout: "", stderr: "" };
  const into = (name: "stdout" | "stderr"): Writable =>
    new Writable({
      write(chunk, _, done) {
        texts[name] += String(chunk);
        done();
      },
    });
  const around = {
    stdin: stdin(),
    stdout: Object.assign(into("stdout"), { isTTY }),
    stderr: into("stderr"),
    wantsColours: true,
  };
  const code = await lintManifests(paths, { namespace: "default", output }, around);
  return { code, ...texts };
}

/** What was printed before, or now while it is being written. */
async function golden(name: string, text: string): Promise<string> {
  const file = `test/golden/lint/${name}.golden`;
  if (isWriting) await writeFile(file, text);
  return readFile(file, "utf8");
}

test("the corpus as people see it", async () => {
  const { code, stdout, stderr } = await lint([corpus], []);
  expect(stdout).toBe(await golden("text", stdout));
  expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
});

test("the corpus as people see it on a terminal", async () => {
  const { stdout } = await lint([corpus], [{ format: "text" }], true);
  expect(stdout).toBe(await golden("terminal", stdout));
});

test("the corpus as programs see it, in a file beside the text", async () => {
  const file = join(folder, "report.json");
  const outputs: readonly Output[] = [{ format: "text" }, { format: "json", file }];
  const { code, stdout } = await lint([corpus], outputs);
  const json = await readFile(file, "utf8");
  expect(json).toBe(await golden("json", json));
  expect(stdout).toBe(await golden("text", stdout));
  expect(code).toBe(2);
});

test("a report that cannot be written is told, and the verdict cannot be relied on", async () => {
  const file = join(folder, "missing", "report.json");
  const { code, stdout, stderr } = await lint(["-"], [{ format: "json", file }]);
  expect(stderr).toBe(
    `${file} cannot be written: ENOENT: no such file or directory, open '${file}'\n`,
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test("standard input is judged like any file", async () => {
  expect(await lint(["-"], [])).toEqual({
    code: 0,
    stdout:
      "not evaluated:\n  Pod (v1): <stdin>:1:1\n\n0 NetworkPolicies judged in 1 file, no errors, 1 not evaluated\n",
    stderr: "",
  });
});
