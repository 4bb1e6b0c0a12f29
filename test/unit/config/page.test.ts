import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

import { judgeConfiguration } from "../../../src/config/load.ts";

test("the example of the documentation is a valid configuration", async () => {
  const page = await readFile(new URL("../../../docs/configuration.md", import.meta.url), "utf8");
  const example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? "";
  const loaded = judgeConfiguration(example);
  expect(loaded).toHaveProperty("configuration.parameters.restricted.minPrefixV4", 20);
});
