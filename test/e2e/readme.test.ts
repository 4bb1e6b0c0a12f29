import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubectl } from "../support/kubectl.ts";
import { normalise, readBlocks } from "../support/readmeblocks.ts";
import { type Ringfence, startRingfence } from "../support/ringfence.ts";

const root = new URL("../..", import.meta.url).pathname;
const blocks = readBlocks(await readFile(join(root, "README.md"), "utf8"));

let ringfence: Ringfence;
beforeAll(async () => {
  ringfence = await startRingfence();
});
afterAll(async () => {
  await ringfence.stop();
  await kubectl(["delete", "namespace", "shop", "--ignore-not-found"]);
});

test("the README has a tour", () => {
  expect(blocks.length).toBeGreaterThan(4);
});

// In their order: each command continues where the one before it ended.
test.each(blocks)("$command", async ({ command, output }) => {
  const [, ...args] = command.split(" ").map((word) => word.replace(/^docs\//, `${root}docs/`));
  const { stdout, stderr } = await kubectl(args);
  const printed = `${stderr}${stdout}`.replaceAll(root, "");
  expect(normalise(printed)).toBe(normalise(output));
});
