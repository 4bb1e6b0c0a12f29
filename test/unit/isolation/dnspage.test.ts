import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import { desiredCompanion } from "../../../src/isolation/dns/companion.ts";
import { findDNS } from "../../../src/isolation/dns/discovery.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";
import { cache, kubeDNS, seen } from "./dns/clusters.ts";

const page = readFileSync(new URL("../../../docs/default-deny.md", import.meta.url), "utf8");
const policies = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(
  ([, text = ""]): NetworkPolicy => parse(text),
);

describe("the page about default deny", () => {
  test("shows the companion as it is written", () => {
    const daemonSets = [cache(["-localip", "169.254.20.10,10.96.0.10"])];
    const found = findDNS({ ...seen(kubeDNS), daemonSets });
    const egress = found.kind === "found" ? found.egress : [];
    expect(policies[0]).toEqual(desiredCompanion("shop", egress));
  });

  test("shows no policy that any level would refuse", () => {
    const evaluate = createEvaluator(defaultParameters);
    expect(policies.length).toBe(4);
    for (const policy of policies) {
      const how = { namespace: "shop", level: "restricted", version: "latest" } as const;
      const { findings, unjudged } = evaluate(policy, how);
      expect({ name: policy.metadata?.name, findings, unjudged }).toEqual({
        name: policy.metadata?.name,
        findings: [],
        unjudged: undefined,
      });
    }
  });
});
