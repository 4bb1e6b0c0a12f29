import { expect, test } from "vitest";

import { suggest } from "../../../src/config/suggest.ts";

test.each([
  ["newNamespace", ["newNamespaces", "existingNamespaces"], "newNamespaces"],
  ["CLUSTERCIDRS", ["clusterCIDRs"], "clusterCIDRs"],
  ["warm", ["warn", "enforce"], "warn"],
  ["metrics", ["defaults", "exemptions"], undefined],
  ["x", [], undefined],
])("for %j among %j it suggests %j", (word, known, expected) => {
  expect(suggest(word, known)).toBe(expected);
});
