import { describe, expect, it } from "vitest";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import { checkParameters } from "../../../src/engine/parameters.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";
import type { Parameters } from "../../../src/rules/parameters.ts";

const { baseline, restricted } = defaultParameters;

function problems(changes: {
  readonly baseline?: Partial<Parameters>;
  readonly restricted?: Partial<Parameters>;
}) {
  return checkParameters({
    baseline: { ...baseline, ...changes.baseline },
    restricted: { ...restricted, ...changes.restricted },
  }).map(({ path, message }) => `${path} ${message}`);
}

describe("parameters", () => {
  it("have nothing wrong by default", () => {
    expect(checkParameters(defaultParameters)).toEqual([]);
  });

  it.each([
    [{ minPrefixV4: 15 }, "restricted.minPrefixV4"],
    [{ minPrefixV6: 8 }, "restricted.minPrefixV6"],
    [{ maxBlocks: 5_000 }, "restricted.maxBlocks"],
    [{ dnsPorts: [53, 5353, 54] }, "restricted.dnsPorts"],
    [{ allowedCIDRs: ["1.2.3.0/24"] }, "restricted.allowedCIDRs"],
    [{ allowedEndpoints: ["169.254.170.2"] }, "restricted.allowedEndpoints"],
    [{ annotations: [] }, "restricted.annotations"],
    [
      { publicListeners: [{ namespaces: ["a"], podSelector: {}, ports: [80] }] },
      "restricted.publicListeners",
    ],
  ])("may not be looser at restricted: %j", (changes, path) => {
    const loose = problems({ baseline: { minPrefixV4: 16, minPrefixV6: 16 }, restricted: changes });
    expect(loose).toEqual([`${path} is looser than that of baseline`]);
  });

  it.each([
    [{ allowedCIDRs: ["10.0.0.0/8"] }, { allowedCIDRs: ["10.1.0.0/16", "10.2.0.0/16"] }],
    [
      { publicListeners: [{ namespaces: ["a", "b"], podSelector: {}, ports: [80, 443] }] },
      {
        publicListeners: [
          { namespaces: ["b"], podSelector: { matchLabels: { app: "web" } }, ports: [443] },
        ],
      },
    ],
  ])("may be narrower at restricted: %j", (ofBaseline, ofRestricted) => {
    expect(problems({ baseline: ofBaseline, restricted: ofRestricted })).toEqual([]);
  });

  it("may not lose cluster ranges at restricted", () => {
    expect(problems({ baseline: { clusterCIDRs: ["10.244.0.0/16"] } })).toEqual([
      "restricted.clusterCIDRs is looser than that of baseline",
    ]);
  });

  it.each([
    [{ minPrefixV4: 33 }, "baseline.minPrefixV4 must be a whole number from 0 to 32"],
    [{ maxPorts: 1.5 }, "baseline.maxPorts must be a whole number from 0 to 65535"],
    [{ dnsPorts: [0] }, "baseline.dnsPorts[0] must be a whole number from 1 to 65535"],
    [{ allowedCIDRs: ["10.0.0.0"] }, "baseline.allowedCIDRs[0] is no address block"],
    [{ allowedEndpoints: ["metadata"] }, "baseline.allowedEndpoints[0] is no address"],
    [
      { publicListeners: [{ namespaces: ["a"], podSelector: {}, ports: [] }] },
      "baseline.publicListeners[0].ports must list ports",
    ],
  ])("name what cannot be read: %j", (changes, problem) => {
    expect(problems({ baseline: changes })).toEqual([problem]);
  });

  it("that cannot be used keep the evaluator from being created", () => {
    const parameters = { baseline: { ...baseline, minPrefixV4: 33 }, restricted };
    expect(() => createEvaluator(parameters)).toThrow(
      "parameters cannot be used: baseline.minPrefixV4 must be a whole number from 0 to 32",
    );
  });
});
