import * as fc from "fast-check";
import { expect, test } from "vitest";

import type { Loaded } from "../../../src/config/configuration.ts";
import { parseConfiguration } from "../../../src/config/parse.ts";
import { configurationSchema } from "../../../src/config/schema/configuration.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

/** Every key that the schema knows, and some that every object has. */
function keysOf(schema: object): string[] {
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value !== "object" || value === null) return [];
    return key === "properties" ? Object.keys(value).concat(keysOf(value)) : keysOf(value);
  });
}

const keys = [...new Set([...keysOf(configurationSchema), "__proto__", "constructor", "toString"])];

const scalars = fc.constantFrom<unknown[]>(
  null,
  true,
  0,
  53,
  99999,
  1.5,
  "",
  "auto",
  "baseline",
  "enabled",
  "10.0.0.0/8",
  "10.0.0.1/8",
  "*",
  "team-*",
  "In",
  "TCP",
  "exactly",
);

const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalars, tie("list"), tie("mapping")),
  list: fc.array(tie("value"), { maxLength: 3 }),
  mapping: fc.dictionary(fc.constantFrom(...keys), tie("value"), { maxKeys: 5 }),
}));

/** Accepted as a whole, or refused with a reason and a line for each error. */
function isSound(loaded: Loaded): boolean {
  if ("configuration" in loaded) {
    const { baseline, restricted } = loaded.configuration.parameters;
    return restricted.minPrefixV4 >= baseline.minPrefixV4;
  }
  return (
    loaded.errors.length > 0 &&
    loaded.errors.every(({ message, line }) => line === 1 && !/undefined|^$/.test(message))
  );
}

test("whatever a file says, it is either accepted as a whole or refused with a reason per error", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), anything, { maxKeys: 4 }), (sections) => {
      const file = { ...sections, apiVersion: "ringfence.dev/v1alpha1", kind: "Configuration" };
      const loaded = parseConfiguration(JSON.stringify(file), defaultParameters);
      expect(loaded).toSatisfy(isSound);
    }),
    { numRuns: 2000 },
  );
});

test("whatever bytes a file holds, judging it does not throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      expect(parseConfiguration(text, defaultParameters)).toHaveProperty("errors");
    }),
    { numRuns: 1000 },
  );
});
