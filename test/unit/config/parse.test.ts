import { describe, expect, test } from "vitest";

import { describeErrors } from "../../../src/config/configuration.ts";
import { parseConfiguration } from "../../../src/config/parse.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

const head = "apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\n";

/** The whole answer as a user sees it: the errors, or "accepted". */
function judge(text: string): string {
  const loaded = parseConfiguration(text, defaultParameters);
  return "errors" in loaded ? describeErrors("f.yaml", loaded.errors) : "accepted";
}

describe("a file that says nothing wrong", () => {
  test("is filled in with the defaults: the guard refuses", () => {
    const loaded = parseConfiguration(head, defaultParameters);
    expect(loaded).toEqual({
      configuration: {
        defaults: { enforce: "baseline", audit: "restricted", warn: "restricted", version: "v1" },
        defaultDeny: {
          newNamespaces: "enabled",
          existingNamespaces: "audit",
          excludedNamespaces: [],
          allowDNS: "auto",
          marking: "auto",
        },
        clusterCIDRs: "auto",
        parameters: defaultParameters,
        warnings: { podsAndServices: "auto" },
        exemptions: { namespaces: [], users: [], groups: [] },
      },
    });
  });

  test("may use every section at once", () => {
    const text = `${head}
defaults: {enforce: privileged, audit: baseline, warn: baseline, version: latest}
defaultDeny:
  newNamespaces: audit
  existingNamespaces: disabled
  excludedNamespaces: [monitoring, team-*]
  allowDNS: disabled
  marking: webhook
parameters:
  clusterCIDRs: [10.244.0.0/16, fd00:10::/56]
  publicListeners:
    - namespaces: [ingress-nginx]
      podSelector:
        matchLabels: {app: gateway}
        matchExpressions: [{key: tier, operator: In, values: [edge]}]
      ports: [80, https, {protocol: UDP, port: 443}, {protocol: TCP, port: 8000, endPort: 8010}]
  restricted: {minPrefixV4: 24}
warnings: {podsAndServices: disabled}
exemptions: {namespaces: [legacy], users: ["system:serviceaccount:cd:deployer"], groups: [break-glass]}
`;
    expect(judge(text)).toBe("accepted");
  });

  test("is frozen to the bottom", () => {
    const loaded = parseConfiguration(`${head}exemptions: {users: [a]}`, defaultParameters);
    if ("errors" in loaded) throw new Error("refused");
    const { exemptions, parameters } = loaded.configuration;
    expect([exemptions, exemptions.users, parameters.baseline].map(Object.isFrozen)).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe("what is not a configuration file at all", () => {
  test.each([
    ["an empty file", "", "f.yaml: is empty: leave --config out to use the defaults"],
    ["comments alone", "# later\n", "f.yaml: is empty: leave --config out to use the defaults"],
    ["two documents", `${head}---\n${head}`, "f.yaml:3: holds more than one document"],
    ["a list", "[1, 2]", "f.yaml:1: [1,2] must be a mapping"],
    ["a word", "foo", 'f.yaml:1: "foo" must be a mapping'],
    [
      "a duplicate key",
      `${head}defaults: {}\ndefaults: {}\n`,
      "f.yaml:4: is not valid YAML: Map keys must be unique",
    ],
    [
      "an unknown tag",
      `${head}defaults: !env FOO\n`,
      "f.yaml:3: is not valid YAML: Unresolved tag: !env",
    ],
    [
      "an alias without an anchor",
      `${head}defaults: *none\n`,
      "f.yaml: is not valid YAML: Unresolved alias (the anchor must be set before the alias): none",
    ],
    [
      "another kind of another API",
      "apiVersion: v1\nkind: ConfigMap\n",
      [
        'f.yaml:1: apiVersion: "v1" is not allowed: it must be ringfence.dev/v1alpha1',
        'f.yaml:2: kind: "ConfigMap" is not allowed: it must be Configuration',
      ].join("\n"),
    ],
    [
      "no apiVersion and kind",
      "defaults: {}\n",
      [
        "f.yaml:1: apiVersion: is missing: write apiVersion: ringfence.dev/v1alpha1",
        "f.yaml:1: kind: is missing: write kind: Configuration",
      ].join("\n"),
    ],
  ])("%s is refused", (_name, text, message) => {
    expect(judge(text)).toBe(message);
  });

  test("a file that multiplies itself through aliases is refused", () => {
    const layers = Array.from({ length: 12 }, (_, n) => {
      const before = n === 0 ? "x" : `*a${String(n - 1)}`;
      return `k${String(n)}: &a${String(n)} [${Array.from({ length: 9 }, () => before).join(", ")}]`;
    });
    expect(judge(layers.join("\n"))).toBe(
      "f.yaml: is not valid YAML: Excessive alias count indicates a resource exhaustion attack",
    );
  });
});

describe("each wrong value is named with its line, its path and what is allowed", () => {
  test.each([
    [
      "defaults: {enforce: strict}",
      'f.yaml:3: defaults.enforce: "strict" is not allowed: use one of privileged, baseline, restricted',
    ],
    [
      "defaults: {vresion: v1}",
      "f.yaml:3: defaults.vresion: unknown key (did you mean version?); allowed here: enforce, audit, warn, version",
    ],
    [
      "defaultDeny:\n  newNamespaces: true",
      "f.yaml:4: defaultDeny.newNamespaces: true is not allowed: use one of enabled, audit, disabled",
    ],
    ["exemptions:", "f.yaml:3: exemptions: null must be a mapping"],
    [
      "defaultDeny: {excludedNamespaces: ['*']}",
      'f.yaml:3: defaultDeny.excludedNamespaces[0]: "*" must be the exact name of a namespace, or a prefix followed by one *, such as team-*; a lone * is not allowed',
    ],
    [
      "parameters: {clusterCIDRs: [10.0.0.1/8]}",
      'f.yaml:3: parameters.clusterCIDRs[0]: "10.0.0.1/8" must be an address block without host bits or leading zeros, such as 10.0.0.0/8 or fd00::/8',
    ],
    [
      "parameters: {clusterCIDRs: no}",
      'f.yaml:3: parameters.clusterCIDRs: "no" must be auto, or a list of address blocks',
    ],
    [
      "parameters: {minPrefixV4: 33}",
      "f.yaml:3: parameters.minPrefixV4: 33 must be a whole number from 0 to 32",
    ],
    [
      'parameters: {minPrefixV4: "8"}',
      'f.yaml:3: parameters.minPrefixV4: "8" must be a whole number',
    ],
    [
      "parameters: {dnsPorts: [0]}",
      "f.yaml:3: parameters.dnsPorts[0]: 0 must be a port number from 1 to 65535",
    ],
    [
      "parameters: {trustedNamespaceLabelKeys: [a/b/c]}",
      'f.yaml:3: parameters.trustedNamespaceLabelKeys[0]: "a/b/c" must be a label key, such as team or example.com/team',
    ],
    [
      "parameters: {restricted: {maxInternetPorts: 3}}",
      "f.yaml:3: parameters.restricted.maxInternetPorts: unknown key; allowed here: dnsPorts, publicListeners, minPrefixV4, minPrefixV6, maxBlocks, allowedCIDRs, allowedEndpoints, annotations, platformNamespaceLabelKeys, platformPodLabelKeys, trustedNamespaceLabelKeys, dnsPodLabels, maxPorts",
    ],
    [
      "parameters: {allowedEndpoints: ['::ffff:169.254.169.254']}",
      'f.yaml:3: parameters.allowedEndpoints[0]: "::ffff:169.254.169.254" must be an IP address without leading zeros, such as 169.254.169.254',
    ],
    [
      "parameters: {annotations: [{key: a, weakens: exactly}]}",
      "f.yaml:3: parameters.annotations[0].value: is missing: `weakens: exactly` compares with it",
    ],
    [
      "parameters: {annotations: [{key: a, weakens: unless-ovn-provider, value: x}]}",
      'f.yaml:3: parameters.annotations[0].value: "x" has no meaning here: leave it out',
    ],
    [
      "exemptions: {users: ['system:serviceaccount:ci:*']}",
      'f.yaml:3: exemptions.users[0]: "system:serviceaccount:ci:*" must be an exact name without wildcards or surrounding spaces',
    ],
    [
      "exemptions: {groups: ['system:authenticated']}",
      'f.yaml:3: exemptions.groups[0]: "system:authenticated" holds everybody: to refuse nothing, set defaults.enforce to privileged',
    ],
    [
      "__proto__: {defaults: {}}",
      "f.yaml:3: __proto__: unknown key; allowed here: apiVersion, kind, defaults, defaultDeny, parameters, warnings, exemptions",
    ],
    [
      "defaults: {constructor: x}",
      "f.yaml:3: defaults.constructor: unknown key; allowed here: enforce, audit, warn, version",
    ],
  ])("%s", (section, message) => {
    expect(judge(`${head}${section}\n`)).toBe(message);
  });

  test("all of them at once, in one go", () => {
    const text = `${head}defaults: {enforce: a, audit: b}\ndefaultDeny: {marking: c}\n`;
    expect(judge(text).split("\n")).toHaveLength(3);
  });
});
