import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { doubts } from "../../../../src/netpol/exposure/verdict.ts";
import { readCode } from "../../../support/docblocks.ts";

const root = new URL("../../../../", import.meta.url);
const page = await readFile(new URL("docs/exposure.md", root), "utf8");
const mark = "--- next block ---";

/** Runs the blocks one after the other, as one script, and gives what each of them prints. */
async function run(blocks: readonly string[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "ringfence-docs-"));
  try {
    const script = blocks
      .join(`\nconsole.log(${JSON.stringify(mark)});\n`)
      .replaceAll('from "../', `from "${root.href}`);
    await writeFile(join(folder, "page.ts"), script);
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "page.ts")]);
    return stdout.split(`${mark}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("every block of the page prints what is shown below it", async () => {
  const blocks = readCode(page);
  expect(blocks.length).toBe(page.match(/^```ts$/gm)?.length);
  expect(await run(blocks.map(({ code }) => code))).toEqual(blocks.map(({ output }) => output));
});

test("the page explains every doubt", () => {
  const explained = Array.from(page.matchAll(/^\| `([a-zA-Z-]+)` +\|/gm), ([, word]) => word);
  expect(explained).toEqual(expect.arrayContaining(Object.keys(doubts)));
});
