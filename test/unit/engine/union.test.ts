import { describe, expect, it } from "vitest";
import { createEvaluator, nothingFound } from "../../../src/engine/evaluator.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";
import {
  baseline,
  brief,
  evaluate,
  ingress,
  nothing,
  policy,
  restricted,
  twoBlocks,
  wider,
} from "./neighbours.ts";

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

describe("a neighbour that restricted refuses and baseline does not", () => {
  // All of 12.0.0.0/7 but a /16: no block is wider than /8.
  const except = ["13.255.0.0/16"];
  const from = [{ ipBlock: { cidr: "12.0.0.0/7", except } }];
  const neighbours = [policy("first", { ingress: [{ from, ports: [{ port: 443 }] }] })];
  const incoming = ingress("second", except);

  it.each([baseline, restricted])("is no excuse for what baseline refuses, at $level", (how) => {
    expect(evaluate(incoming, how)).toEqual(nothingFound);
    const { findings } = evaluate(incoming, { ...how, neighbours });
    expect(findings.map(({ rule, path }) => [rule, path])).toEqual([
      ["no-broad-addresses", "spec.ingress[0].from[0].ipBlock"],
    ]);
  });
});
