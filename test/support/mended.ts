import { expect } from "vitest";
import { parse } from "yaml";
import type { NetworkPolicy, NetworkPolicySpec } from "../../src/api/networkpolicy.ts";
import type { Parameters } from "../../src/rules/parameters.ts";
import { jsonPatch } from "./fakeapiserver/patching.ts";
import { brokenPromises, findingsOf, type Judged } from "./patched.ts";
import { withParameters } from "./rulefixture.ts";

function judgedOf(
  spec: string,
  level: Judged["level"],
  parameters: Partial<Parameters> = {},
): Judged {
  const fields: NetworkPolicySpec = parse(spec);
  const networkPolicy: NetworkPolicy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "np", namespace: "shop" },
    spec: { podSelector: {}, ...fields },
  };
  return { networkPolicy, namespace: "shop", level, parameters: withParameters(parameters) };
}

/** The fields of a spec after each finding's patch was applied to it, `none` where there is none. */
export function mended(
  spec: string,
  level: Judged["level"] = "baseline",
  parameters: Partial<Parameters> = {},
): readonly unknown[] {
  const judged = judgedOf(spec, level, parameters);
  return findingsOf(judged).map((finding) => {
    const { rule, patch } = finding;
    if (patch === undefined) return [rule, "none"];
    expect(brokenPromises(judged, finding, patch)).toEqual([]);
    const { podSelector: _, ...fields } = jsonPatch(judged.networkPolicy, patch).spec ?? {};
    return [rule, fields];
  });
}
