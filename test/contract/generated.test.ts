import { expect, test } from "vitest";

import { generated, stale } from "../../scripts/generate.ts";

test("generated files are what `npm run generate` writes today", async () => {
  const paths = (await stale()).map(({ path }) => path);
  expect(paths).toEqual([]);
});

test("no two generators write the same file", async () => {
  const paths = (await generated()).map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths).toContain("src/rules/index.ts");
});
