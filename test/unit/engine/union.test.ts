import { describe, expect, it } from "vitest";
import type { NetworkPolicy, NetworkPolicySpec } from "../../../src/api/networkpolicy.ts";
import { createEvaluator, nothingFound } from "../../../src/engine/evaluator.ts";
import type { Evaluation } from "../../../src/engine/finding.ts";
import { evaluateUpdate } from "../../../src/engine/ratchet.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

const evaluate = createEvaluator(defaultParameters);
const baseline = { namespace: "shop", level: "baseline", version: "v1" } as const;
const restricted = { ...baseline, level: "restricted" } as const;

function policy(name: string, spec: NetworkPolicySpec): NetworkPolicy {
  return { metadata: { name, namespace: "shop" }, spec };
}

/** A policy that lets blocks in, on TCP 443 if nothing else is said. */
function ingress(
  name: string,
  cidrs: readonly string[],
  matchLabels: { readonly [key: string]: string } = {},
  ports: readonly object[] = [{ port: 443 }],
): NetworkPolicy {
  return policy(name, {
    podSelector: { matchLabels },
    policyTypes: ["Ingress"],
    ingress: [{ from: cidrs.map((cidr) => ({ ipBlock: { cidr } })), ports }],
  });
}

function brief({ findings, unjudged, notes }: Evaluation): unknown {
  return {
    findings: findings.map(({ rule, path, message, witness }) => [rule, path, message, witness]),
    ...(unjudged && { unjudged }),
    ...(notes.length > 0 && { notes }),
  };
}

const nothing = { findings: [] };

/** The internet, without what is private. */
const internet = {
  cidr: "0.0.0.0/0",
  except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"],
};

function internetOn(name: string, first: number, count: number): NetworkPolicy {
  const ports = Array.from({ length: count }, (_, index) => ({ port: first + index }));
  return policy(name, {
    policyTypes: ["Egress"],
    egress: [{ to: [{ ipBlock: internet }], ports }],
  });
}

function fromNamespace(name: string, namespaceSelector: object, ports: object): NetworkPolicy {
  return policy(name, { ingress: [{ from: [{ namespaceSelector }], ports: [ports] }] });
}

/** Lets two blocks in for pods whose label `app` has one of the values. */
function twoBlocks(name: string, first: number, values: readonly string[]): NetworkPolicy {
  return policy(name, {
    podSelector: { matchExpressions: [{ key: "app", operator: "In", values: [...values] }] },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [first, first + 100].map((octet) => ({ ipBlock: { cidr: `${octet}.0.0.0/8` } })),
        ports: [{ port: 443 }],
      },
    ],
  });
}

const wider = (block: string, other: string, name: string) => ({
  findings: [
    [
      "no-broad-addresses",
      "spec.ingress[0].from[0].ipBlock",
      `${block} together with ${other} (spec.ingress[0].from[0] of NetworkPolicy "${name}") on TCP 443 is wider than /8 outside private space`,
      `${block.replace(".0.0.0/8", ".0.0.1")} gets in on TCP 443`,
    ],
  ],
});

describe("a policy beside its neighbours", () => {
  it("is refused where its block and a neighbour's make a wider one", () => {
    const neighbours = [ingress("first", ["13.0.0.0/8"])];
    expect(brief(evaluate(ingress("second", ["12.0.0.0/8"]), { ...baseline, neighbours }))).toEqual(
      wider("12.0.0.0/8", "13.0.0.0/8", "first"),
    );
  });

  it("is refused where both let in half of the internet on other ports, and all of it on one", () => {
    const lower = ingress("lower", ["0.0.0.0/1"], {}, [{ port: 80 }, { port: 443 }]);
    const upper = policy("upper", {
      ingress: [{ from: [{ ipBlock: { cidr: "128.0.0.0/1" } }], ports: [{ port: 443 }] }],
    });
    // Half of the internet is too much by itself, and is said once.
    const { findings } = evaluate(upper, { ...baseline, neighbours: [lower] });
    expect(findings).toEqual(evaluate(upper, baseline).findings);
    expect(findings).toHaveLength(1);
  });

  it("counts the addresses of both at restricted, private ones included", () => {
    const neighbours = [ingress("first", ["10.2.0.0/16", "10.4.0.0/16"])];
    const second = ingress("second", ["10.6.0.0/16", "10.8.0.0/16", "10.10.0.0/16"]);
    const notes = ["cluster ranges unknown: not checked against pods"];
    expect(brief(evaluate(second, { ...baseline, neighbours }))).toEqual({ findings: [], notes });
    expect(brief(evaluate(second, { ...restricted, neighbours }))).toEqual({
      findings: [
        [
          "no-broad-addresses",
          "spec.ingress[0].from[0].ipBlock",
          '10.6.0.0/16 together with 10.2.0.0/16 (spec.ingress[0].from[0] of NetworkPolicy "first"), 10.4.0.0/16 (spec.ingress[0].from[1] of NetworkPolicy "first"), 10.8.0.0/16 (spec.ingress[0].from[1]) and 1 more on TCP 443 holds more addresses than 4 blocks of /16',
          "10.6.0.1 gets in on TCP 443",
        ],
      ],
      notes,
    });
  });

  it("passes where no pod has the labels of both", () => {
    const neighbours = [ingress("first", ["13.0.0.0/8"], { app: "api" })];
    const second = ingress("second", ["12.0.0.0/8"], { app: "web" });
    expect(brief(evaluate(second, { ...baseline, neighbours }))).toEqual(nothing);
  });

  it("passes where each two of three can select one pod, but not all three", () => {
    const neighbours = [twoBlocks("a", 12, ["y", "z"]), twoBlocks("b", 14, ["x", "z"])];
    const apart = twoBlocks("c", 16, ["x", "y"]);
    expect(brief(evaluate(apart, { ...baseline, neighbours }))).toEqual(nothing);
    const meeting = twoBlocks("c", 16, ["x", "y", "z"]);
    expect(evaluate(meeting, { ...baseline, neighbours }).findings.map(({ path }) => path)).toEqual(
      ["spec.ingress[0].from[0].ipBlock"],
    );
  });

  it("passes as a deny-all, whatever the neighbours admit", () => {
    const neighbours = [ingress("everywhere", ["0.0.0.0/0"]), policy("anyone", { ingress: [{}] })];
    const denyAll = policy("deny-all", { policyTypes: ["Ingress", "Egress"] });
    for (const how of [baseline, restricted]) {
      expect(evaluate(denyAll, { ...how, neighbours })).toEqual(nothingFound);
    }
  });

  it("passes where a neighbour on each of its pods is too broad without it", () => {
    const neighbours = [ingress("everywhere", ["0.0.0.0/0"]), ingress("first", ["13.0.0.0/8"])];
    const second = ingress("second", ["12.0.0.0/8"], { app: "web" });
    expect(brief(evaluate(second, { ...baseline, neighbours }))).toEqual(nothing);
  });

  it("is refused for those of its pods that the neighbour which is too broad does not select", () => {
    const neighbours = [
      ingress("everywhere", ["0.0.0.0/0"], { app: "web" }),
      ingress("first", ["13.0.0.0/8"]),
    ];
    expect(brief(evaluate(ingress("second", ["12.0.0.0/8"]), { ...baseline, neighbours }))).toEqual(
      wider("12.0.0.0/8", "13.0.0.0/8", "first"),
    );
  });

  it("passes where a neighbour admits all that it admits", () => {
    const neighbours = [
      ingress("first", ["13.0.0.0/8"]),
      policy("anyone", { ingress: [{ ports: [{ port: 443 }] }] }),
    ];
    const second = ingress("second", ["12.0.0.0/8"]);
    expect(brief(evaluate(second, { ...baseline, neighbours }))).toEqual(nothing);
  });

  it("is no neighbour of its own stored version", () => {
    const neighbours = [ingress("same", ["13.0.0.0/8"])];
    expect(brief(evaluate(ingress("same", ["12.0.0.0/8"]), { ...baseline, neighbours }))).toEqual(
      nothing,
    );
  });

  it("is refused where more ports to the internet add up than are accepted", () => {
    const neighbours = [internetOn("first", 11, 7)];
    expect(brief(evaluate(internetOn("second", 1, 9), { ...baseline, neighbours }))).toEqual(
      nothing,
    );
    expect(brief(evaluate(internetOn("second", 1, 10), { ...baseline, neighbours }))).toEqual({
      findings: [
        [
          "no-broad-addresses",
          "spec.egress[0].to[0].ipBlock",
          '0.0.0.0/0 on TCP 1-10 is wider than /8 outside private space, and more than 16 ports lead to the internet together with 0.0.0.0/0 (spec.egress[0].to[0] of NetworkPolicy "first")',
          "TCP 1 of 8.8.8.8 can be reached",
        ],
      ],
    });
  });

  it("adds up the ports of one peer, however it is spelled", () => {
    const name = "kubernetes.io/metadata.name";
    const neighbours = [
      fromNamespace(
        "first",
        { matchExpressions: [{ key: name, operator: "In", values: ["web"] }] },
        { port: 601, endPort: 1_200 },
      ),
    ];
    const second = fromNamespace(
      "second",
      { matchLabels: { [name]: "web" } },
      {
        port: 1,
        endPort: 600,
      },
    );
    expect(evaluate(second, { ...baseline, neighbours })).toEqual(nothingFound);
    expect(brief(evaluate(second, { ...restricted, neighbours }))).toEqual({
      findings: [
        [
          "require-ports",
          "spec.ingress[0].from[0]",
          'a peer outside the namespace has 1200 ports of TCP together with spec.ingress[0] of NetworkPolicy "first", more than 1024',
          'a pod without labels in a namespace "web" without labels gets in on TCP 1',
        ],
      ],
    });
  });

  it("adds up the ports of one address", () => {
    const neighbours = [ingress("first", ["198.18.2.0/24"], {}, [{ port: 601, endPort: 1_200 }])];
    const second = ingress("second", ["198.18.0.0/16"], {}, [{ port: 1, endPort: 600 }]);
    expect(brief(evaluate(second, { ...restricted, neighbours }))).toEqual({
      findings: [
        [
          "require-ports",
          "spec.ingress[0].from[0]",
          'a peer outside the namespace has 1200 ports of TCP together with spec.ingress[0] of NetworkPolicy "first", more than 1024',
          "198.18.2.0 gets in on TCP 1",
        ],
      ],
    });
  });

  it("leaves out what a neighbour may open to the public, by that neighbour's own subject", () => {
    const listener = { namespaces: ["shop"], podSelector: { matchLabels: { app: "gateway" } } };
    const publicListeners = [{ ...listener, ports: [443] }];
    const { baseline: some, restricted: more } = defaultParameters;
    const judge = createEvaluator({
      baseline: { ...some, publicListeners },
      restricted: { ...more, publicListeners },
    });
    const neighbours = [ingress("gateway", ["13.0.0.0/8"], { app: "gateway" })];
    const second = ingress("second", ["12.0.0.0/8"]);
    expect(brief(judge(second, { ...baseline, neighbours }))).toEqual(nothing);
    expect(brief(evaluate(second, { ...baseline, neighbours }))).toEqual(
      wider("12.0.0.0/8", "13.0.0.0/8", "gateway"),
    );
  });

  it("says which neighbour it could not be checked with", () => {
    const broken = policy("newer", {
      podSelector: { matchExpressions: [{ key: "app", operator: "Near", values: ["x"] }] },
    });
    const second = ingress("second", ["12.0.0.0/8"]);
    expect(brief(evaluate(second, { ...baseline, neighbours: [broken] }))).toEqual({
      findings: [],
      notes: [
        'not checked together with NetworkPolicy "newer", whose spec.podSelector.matchExpressions[0].operator is "Near", an operator this version does not know',
      ],
    });
  });

  it("takes every neighbour that it can meet where the combinations are too many", () => {
    const count = 28;
    const neighbours = Array.from({ length: count }, (_, index) =>
      ingress(`n${index}`, [`${20 + 2 * index}.0.0.0/10`], { [`k${index >> 1}`]: `${index & 1}` }),
    );
    const { findings, notes } = evaluate(ingress("second", ["12.0.0.0/10"]), {
      ...baseline,
      neighbours,
    });
    expect(notes).toEqual([
      "too many combinations of the namespace's policies: each one that can select a pod of this policy was added up",
    ]);
    expect(findings.map(({ rule, path }) => [rule, path])).toEqual([
      ["no-broad-addresses", "spec.ingress[0].from[0].ipBlock"],
    ]);
    const beside = [...neighbours, ingress("everywhere", ["0.0.0.0/0"])];
    expect(
      evaluate(ingress("second", ["12.0.0.0/10"]), { ...baseline, neighbours: beside }).findings,
    ).toEqual([]);
  });
});

describe("an update beside its neighbours", () => {
  const neighbours = [ingress("first", ["13.0.0.0/8"])];
  const how = { ...baseline, neighbours };

  it("passes when it narrows, though too much is left together", () => {
    const before = ingress("second", ["12.0.0.0/8", "20.0.0.0/8"]);
    const after = ingress("second", ["12.0.0.0/8"]);
    expect(brief(evaluateUpdate(defaultParameters, before, after, how))).toEqual(nothing);
    expect(evaluate(after, how).findings).toHaveLength(1);
  });

  it("is refused for what it adds", () => {
    const before = ingress("second", ["20.0.0.0/8"]);
    const after = ingress("second", ["12.0.0.0/8", "20.0.0.0/8"]);
    expect(
      evaluateUpdate(defaultParameters, before, after, how).findings.map(({ path, witness }) => [
        path,
        witness,
      ]),
    ).toEqual([["spec.ingress[0].from[0].ipBlock", "12.0.0.1 gets in on TCP 443"]]);
  });

  it("is refused for further pods, to which nothing was open before", () => {
    const before = ingress("second", ["12.0.0.0/8"], { app: "web" });
    const after = ingress("second", ["12.0.0.0/8"]);
    expect(brief(evaluateUpdate(defaultParameters, before, after, how))).toEqual(
      wider("12.0.0.0/8", "13.0.0.0/8", "first"),
    );
  });
});
