import { describe, expect, it } from "vitest";
import { evaluateUpdate } from "../../../src/engine/ratchet.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";
import { baseline, brief, evaluate, ingress, nothing, wider } from "./neighbours.ts";

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

  it("passes for further pods that no neighbour selects", () => {
    const web = [ingress("first", ["13.0.0.0/8"], { app: "web" })];
    const before = ingress("second", ["12.0.0.0/8"], { app: "web" });
    const after = ingress("second", ["12.0.0.0/8"]);
    const beside = { ...baseline, neighbours: web };
    expect(brief(evaluateUpdate(defaultParameters, before, after, beside))).toEqual(nothing);
  });
});
