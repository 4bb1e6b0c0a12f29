import { describe, expect, test } from "vitest";

import { describeErrors } from "../../../src/config/configuration.ts";
import { parseConfiguration } from "../../../src/config/parse.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

/** The answer to a file with this one public listener. */
function judge(listener: string): string {
  const text = `apiVersion: ringfence.dev/v1alpha1
kind: Configuration
parameters:
  publicListeners:
    - ${listener}
`;
  const loaded = parseConfiguration(text, defaultParameters);
  return "errors" in loaded ? describeErrors("f.yaml", loaded.errors) : "accepted";
}

describe("public listeners", () => {
  test.each([
    [
      "{namespaces: [], podSelector: {}, ports: [80]}",
      "f.yaml:5: parameters.publicListeners[0].namespaces: [] must have at least one entry",
    ],
    [
      "{namespaces: [a], ports: [80]}",
      "f.yaml:5: parameters.publicListeners[0].podSelector: is missing",
    ],
    [
      '{namespaces: [a], podSelector: {}, ports: ["80"]}',
      'f.yaml:5: parameters.publicListeners[0].ports[0]: "80" must be a port name: at most 15 lower-case letters, digits and dashes, with at least one letter; write a number without quotes',
    ],
    [
      "{namespaces: [a], podSelector: {}, ports: [80, true]}",
      "f.yaml:5: parameters.publicListeners[0].ports[1]: true must be a port number, a port name, or an object with protocol and port",
    ],
    [
      "{namespaces: [a], podSelector: {}, ports: [{protocol: tcp, port: 80}]}",
      'f.yaml:5: parameters.publicListeners[0].ports[0].protocol: "tcp" is not allowed: use one of TCP, UDP, SCTP',
    ],
    [
      "{namespaces: [a], podSelector: {}, ports: [{protocol: TCP, port: 80, endPort: 79}]}",
      "f.yaml:5: parameters.publicListeners[0].ports[0].endPort: 79 is below port 80: a range ends where it starts or later",
    ],
    [
      "{namespaces: [a], podSelector: {}, ports: [{protocol: TCP, port: http, endPort: 79}]}",
      "f.yaml:5: parameters.publicListeners[0].ports[0].endPort: needs a numeric port beside it",
    ],
    [
      "{namespaces: [a], podSelector: {matchExpressions: [{key: a, operator: In}]}, ports: [80]}",
      "f.yaml:5: parameters.publicListeners[0].podSelector.matchExpressions[0].values: In needs at least one value",
    ],
    [
      "{namespaces: [a], podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}, ports: [80]}",
      "f.yaml:5: parameters.publicListeners[0].podSelector.matchExpressions[0].values: Exists takes no values",
    ],
    [
      "{namespaces: [a], podSelector: {matchLabels: {a/b/c: x}}, ports: [80]}",
      'f.yaml:5: parameters.publicListeners[0].podSelector.matchLabels["a/b/c"]: the key "a/b/c" must be a label key, such as team or example.com/team',
    ],
  ])("%s", (fields, message) => {
    expect(judge(fields)).toBe(message);
  });
});
