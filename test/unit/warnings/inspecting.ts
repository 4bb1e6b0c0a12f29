import type { LabelSelector, NetworkPolicySpec } from "../../../src/api/networkpolicy.ts";
import { compile } from "../../../src/netpol/compile.ts";
import { createMeter, type Meter } from "../../../src/netpol/meter.ts";
import type { Model } from "../../../src/netpol/model.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";
import type { Parameters } from "../../../src/rules/parameters.ts";
import { readStandard } from "../../../src/rules/standard.ts";
import type { ClusterFacts } from "../../../src/warnings/cluster.ts";
import type { Advice, Warning } from "../../../src/warnings/warning.ts";

/** What is known beside the policy. */
export type Around = {
  readonly neighbours?: readonly NetworkPolicySpec[];
  readonly cluster?: ClusterFacts;
  readonly parameters?: Partial<Parameters>;
  readonly meter?: Meter;
};

/** The pods of `app: web`, in namespace `shop`. */
export const web: LabelSelector = { matchLabels: { app: "web" } };

/** What the warning says of a policy in namespace `shop`. */
export function inspect(
  warning: Warning,
  spec: NetworkPolicySpec,
  around: Around = {},
): readonly Advice[] {
  const written = { metadata: { name: "web", namespace: "shop" }, spec };
  const policy = modelOf(spec, "web");
  const parameters = { ...defaultParameters.baseline, clusterCIDRs: [], ...around.parameters };
  return warning.inspect({
    policy,
    written,
    rules: policy.subject.possible
      ? policy.rules.filter(({ direction }) => policy.isolates[direction])
      : [],
    neighbours: around.neighbours?.map((neighbour, index) => modelOf(neighbour, `other-${index}`)),
    ...(around.cluster && { cluster: around.cluster }),
    standard: readStandard("baseline", parameters).standard,
    meter: around.meter ?? createMeter(),
  });
}

/** Where the warning speaks, and what it says. */
export function said(...args: [Warning, NetworkPolicySpec, Around?]): readonly string[] {
  return inspect(...args).map(({ path, message }) => `${path} ${message}`);
}

/** Where the warning speaks. */
export function places(...args: [Warning, NetworkPolicySpec, Around?]): readonly string[] {
  return inspect(...args).map(({ path }) => path);
}

function modelOf(spec: NetworkPolicySpec, name: string): Model {
  const compiled = compile({ metadata: { name }, spec }, "shop");
  if ("problem" in compiled)
    throw new Error(`${compiled.problem.path} ${compiled.problem.message}`);
  return compiled.model;
}
