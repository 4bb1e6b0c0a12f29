import { describe, expect, it } from "vitest";
import { nothingFound } from "../../../src/engine/evaluator.ts";
import {
  baseline,
  brief,
  evaluate,
  fromNamespace,
  ingress,
  internetOn,
  nothing,
  restricted,
} from "./neighbours.ts";

describe("the ports of a policy and its neighbours", () => {
  it("are refused where more of them lead to the internet than are accepted", () => {
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

  it("add up for one peer, however it is spelled", () => {
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

  it("add up for one address", () => {
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
});
