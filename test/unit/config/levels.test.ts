import { describe, expect, test } from "vitest";

import { describeErrors, withClusterCIDRs } from "../../../src/config/configuration.ts";
import { parseConfiguration } from "../../../src/config/parse.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

const head = "apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\n";

function load(parameters: string) {
  const text = `${head}parameters: ${parameters}\n`;
  const loaded = parseConfiguration(text, defaultParameters);
  if ("errors" in loaded) return { refused: describeErrors("f.yaml", loaded.errors) };
  return loaded.configuration;
}

function accepted(parameters: string) {
  const loaded = load(parameters);
  if ("refused" in loaded) throw new Error(loaded.refused);
  return loaded;
}

describe("values per level", () => {
  test("a common value holds for both levels", () => {
    const { baseline, restricted } = accepted("{minPrefixV4: 20}").parameters;
    expect([baseline.minPrefixV4, restricted.minPrefixV4]).toEqual([20, 20]);
  });

  test("a level's own value wins over the common one", () => {
    const text = "{minPrefixV4: 12, maxBlocks: 3, restricted: {minPrefixV4: 24}}";
    const { baseline, restricted } = accepted(text).parameters;
    expect([baseline.minPrefixV4, restricted.minPrefixV4]).toEqual([12, 24]);
    expect([baseline.maxBlocks, restricted.maxBlocks]).toEqual([3, 3]);
  });

  test("ranges of the cluster are unknown until somebody reads them", () => {
    const loaded = accepted("{}");
    expect(loaded.parameters.baseline.clusterCIDRs).toBe("unknown");
    const known = withClusterCIDRs(loaded, ["10.244.0.0/16"]);
    expect([known.baseline.clusterCIDRs, known.restricted.clusterCIDRs]).toEqual([
      ["10.244.0.0/16"],
      ["10.244.0.0/16"],
    ]);
  });

  test("configured ranges replace those of the cluster", () => {
    const known = withClusterCIDRs(accepted("{clusterCIDRs: [10.0.0.0/8]}"), ["10.244.0.0/16"]);
    expect(known.restricted.clusterCIDRs).toEqual(["10.0.0.0/8"]);
  });
});

describe("restricted must not be looser than baseline", () => {
  test.each([
    ["minPrefixV4", "{baseline: {minPrefixV4: 20}}", "16 is below baseline's 20"],
    ["minPrefixV4", "{restricted: {minPrefixV4: 7}}", "7 is below baseline's 8"],
    ["minPrefixV6", "{restricted: {minPrefixV6: 15}}", "15 is below baseline's 16"],
    ["maxBlocks", "{restricted: {maxBlocks: 5}}", "5 is above baseline's 4"],
    ["dnsPorts", "{restricted: {dnsPorts: [53, 54]}}", "allows 54, which baseline does not"],
    [
      "allowedCIDRs",
      "{baseline: {allowedCIDRs: [10.1.0.0/16]}, restricted: {allowedCIDRs: [10.0.0.0/8]}}",
      'allows "10.0.0.0/8", which baseline does not',
    ],
    [
      "allowedEndpoints",
      "{restricted: {allowedEndpoints: [169.254.169.254]}}",
      'allows "169.254.169.254", which baseline does not',
    ],
    [
      "platformPodLabelKeys",
      "{baseline: {platformPodLabelKeys: [mesh]}}",
      'lacks "mesh", which baseline has',
    ],
    [
      "annotations",
      "{restricted: {annotations: []}}",
      'lacks {"key":"ovn.kubernetes.io/network_policy_enforcement","weakens":"exactly","va..., which baseline has',
    ],
    [
      "publicListeners",
      "{baseline: {publicListeners: [{namespaces: [a], podSelector: {}, ports: [80]}]}, restricted: {publicListeners: [{namespaces: [a, b], podSelector: {}, ports: [80]}]}}",
      'allows {"namespaces":["a","b"],"podSelector":{},"ports":[80]}, which baseline does not',
    ],
  ])("%s %s", (name, text, how) => {
    expect(load(text)).toEqual({
      refused: `f.yaml:3: parameters.restricted.${name}: ${how}: restricted must not be looser than baseline; set parameters.${name} for both levels`,
    });
  });

  test.each([
    "{allowedCIDRs: [10.0.0.0/8, fd00::/8], restricted: {allowedCIDRs: [10.1.0.0/16, fd00:1::/32]}}",
    "{allowedEndpoints: [169.254.169.254]}",
    "{restricted: {dnsPorts: []}}",
    "{platformPodLabelKeys: [a], restricted: {platformPodLabelKeys: [a, b]}}",
    "{publicListeners: [{namespaces: [a, b], podSelector: {matchLabels: {x: y, z: w}}, ports: [80, 443]}], restricted: {publicListeners: [{namespaces: [b], podSelector: {matchLabels: {z: w, x: y}}, ports: [443]}]}}",
  ])("stricter is welcome: %s", (text) => {
    expect(load(text)).not.toHaveProperty("refused");
  });
});
