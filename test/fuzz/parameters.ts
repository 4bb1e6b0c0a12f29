import type { LevelParameters, Parameters, PublicListener } from "../../src/rules/parameters.ts";
import { standardParameters } from "../oracle/standard.ts";
import { type Random, times } from "./random.ts";
import { ownNamespace } from "./selectors.ts";

const listenerPorts: readonly PublicListener["ports"][] = [
  [443],
  [80, 443],
  ["http"],
  [8080, "metrics"],
  [{ protocol: "UDP", port: 53 }, 53],
  [{ protocol: "TCP", port: 80, endPort: 443 }],
  [{ protocol: "TCP", port: 1, endPort: 65_535 }],
  [
    { protocol: "TCP", port: 1, endPort: 65_535 },
    { protocol: "UDP", port: 1, endPort: 65_535 },
    { protocol: "SCTP", port: 1, endPort: 65_535 },
  ],
];

function listener(random: Random): PublicListener {
  return {
    namespaces: random.pick([[ownNamespace], ["other", ownNamespace], ["other"], []]),
    podSelector: random.pick([
      {},
      { matchLabels: { app: "web" } },
      { matchExpressions: [{ key: "app", operator: "In", values: ["web", "api"] }] },
      { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] },
      { matchExpressions: [{ key: "app", operator: "Exists" }] },
    ]),
    ports: random.pick(listenerPorts),
  };
}

function shared(random: Random): Partial<Parameters> {
  return {
    ...(random.chance(30) && { dnsPorts: random.pick([[], [53], [53, 54], [53, 5353, 8053]]) }),
    ...(random.chance(50) && {
      publicListeners: times(1 + random.below(2), () => listener(random)),
    }),
    ...(random.chance(30) && { maxInternetPorts: random.pick([0, 1, 2, 16, 17]) }),
    ...(random.chance(60) && {
      clusterCIDRs: random.pick<Parameters["clusterCIDRs"]>([
        "unknown",
        [],
        ["10.244.0.0/16", "10.96.0.0/12"],
        ["10.244.0.0/16", "fd10:244::/56", "10.20.30.0/26"],
        ["44.128.0.0/16"],
        ["10.244.7.0/24", "fd10:244:0:7::/64"],
        ["2001:db8::/32", "20.0.0.0/8"],
        ["44.128.0.0/16", "20.0.0.0/8", "2600::/16"],
      ]),
    }),
    ...(random.chance(30) && {
      allowedCIDRs: random.pick([
        ["203.0.113.0/24"],
        ["0.0.0.0/1"],
        ["8.0.0.0/8", "20.0.0.0/6"],
        ["0.0.0.0/0"],
        ["10.0.0.0/8", "2001:db8::/32"],
        ["::/0"],
      ]),
    }),
    ...(random.chance(20) && {
      allowedEndpoints: random.pick([
        ["169.254.169.254"],
        ["168.63.129.16"],
        ["fd00:ec2::254", "169.254.170.2"],
      ]),
    }),
    ...(random.chance(25) && { platformNamespaceLabelKeys: ["mesh.example/injected"] }),
    ...(random.chance(25) && {
      platformPodLabelKeys: random.pick([["mesh.example/sidecar"], ["k8s-app"]]),
    }),
    ...(random.chance(30) && {
      trustedNamespaceLabelKeys: random.pick([
        [],
        ["kubernetes.io/metadata.name", "team"],
        ["kubernetes.io/metadata.name", "team", "env", "pod-security.kubernetes.io/enforce"],
        ["team"],
      ]),
    }),
    ...(random.chance(15) && { dnsPodLabels: random.pick([{}, { app: ["web"] }]) }),
  };
}

/** Parameters of both levels, restricted never looser; four in ten are the standard's own. */
export function levelParameters(random: Random): LevelParameters {
  if (random.chance(40)) return standardParameters;
  const both = shared(random);
  const loose = { ...standardParameters.baseline, ...both };
  const strict = { ...standardParameters.restricted, ...both };
  if (random.chance(50)) return { baseline: loose, restricted: strict };
  const minPrefixV4 = random.pick([1, 7, 8, 9, 12]);
  const minPrefixV6 = random.pick([3, 15, 16, 17, 32]);
  const maxBlocks = random.pick([1, 2, 3, 4]);
  return {
    baseline: { ...loose, minPrefixV4, minPrefixV6, maxBlocks },
    restricted: {
      ...strict,
      minPrefixV4: Math.max(minPrefixV4, random.pick([8, 16, 24])),
      minPrefixV6: Math.max(minPrefixV6, random.pick([32, 48, 64])),
      maxBlocks: 1 + random.below(maxBlocks),
      maxPorts: random.pick([1, 2, 10, 1023, 1024, 65_534, 65_535]),
    },
  };
}
