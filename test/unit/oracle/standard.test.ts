import { expect, test } from "vitest";
import { defaultParameters } from "../../../src/rules/defaults.ts";
import { standardParameters } from "../../oracle/standard.ts";

test.each(["baseline", "restricted"] as const)(
  "the defaults of %s are those that the standard prints",
  (level) => {
    const { clusterCIDRs: _engine, ...engine } = defaultParameters[level];
    const { clusterCIDRs: _printed, ...printed } = standardParameters[level];
    expect(engine).toEqual(printed);
  },
);
