import { describe, expect, test } from "vitest";
import { validateNetworkPolicy } from "../../../../src/netpol/validity/validate.ts";
import { refusals, refusalsOfMetadata, refusalsOfSpec } from "../../../support/validityrefusals.ts";

describe("an object read from a file", () => {
  test.each([
    [[], "array"],
    ["x", "string"],
    [3, "number"],
    [true, "bool"],
  ])("is an object: not %j", (value, type) => {
    expect(refusals(value)).toEqual([
      String.raw`: couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`,
    ]);
  });

  test.each([null, undefined])("that is %s has no name", (value) => {
    expect(refusals(value)).toEqual([
      "metadata.name: Required value: name or generateName is required",
    ]);
  });

  test("need not say what it is", () => {
    expect(refusals({ metadata: { name: "web" } })).toEqual([]);
    expect(refusals({ kind: "", apiVersion: null, metadata: { name: "web" } })).toEqual([]);
  });

  test.each([
    [{ kind: "Foo" }, 'kind: no kind "Foo" is registered for version "networking.k8s.io/v1"'],
    [{ apiVersion: "v1" }, 'apiVersion: no kind "NetworkPolicy" is registered for version "v1"'],
    [
      { apiVersion: "v1", kind: "Pod", spec: 3 },
      'kind: no kind "Pod" is registered for version "v1"',
    ],
    [
      { kind: 3, spec: 3 },
      "kind: couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string",
    ],
  ])("says nothing else: %j", (object, refusal) => {
    expect(refusals(object)).toEqual([refusal]);
  });
});

describe("a value of another type", () => {
  test.each([
    [[], "array", "NetworkPolicy.spec", "v1.NetworkPolicySpec", ""],
    ["x", "string", "NetworkPolicy.spec", "v1.NetworkPolicySpec", ""],
    [
      { ingress: {} },
      "object",
      "NetworkPolicySpec.spec.ingress",
      "[]v1.NetworkPolicyIngressRule",
      ".ingress",
    ],
    [
      { ingress: [{}, 3] },
      "number",
      "NetworkPolicySpec.spec.ingress",
      "v1.NetworkPolicyIngressRule",
      ".ingress[1]",
    ],
    [
      { policyTypes: [1.5] },
      "number",
      "NetworkPolicySpec.spec.policyTypes",
      "v1.PolicyType",
      ".policyTypes[0]",
    ],
    [
      { podSelector: { matchLabels: [] } },
      "array",
      "LabelSelector.spec.podSelector.matchLabels",
      "map[string]string",
      ".podSelector.matchLabels",
    ],
    [
      { podSelector: { matchLabels: { a: 1 } } },
      "number",
      "LabelSelector.spec.podSelector.matchLabels",
      "string",
      ".podSelector.matchLabels",
    ],
    [
      { egress: [{ to: [{ ipBlock: { cidr: true } }] }] },
      "bool",
      "IPBlock.spec.egress.to.ipBlock.cidr",
      "string",
      ".egress[0].to[0].ipBlock.cidr",
    ],
    [
      { egress: [{ ports: [{ port: 1.5 }] }] },
      "number 1.5",
      "NetworkPolicyPort.spec.egress.ports.port",
      "int32",
      ".egress[0].ports[0].port",
    ],
    [
      { egress: [{ ports: [{ port: {} }] }] },
      "object",
      "NetworkPolicyPort.spec.egress.ports.port",
      "int32",
      ".egress[0].ports[0].port",
    ],
    [
      { egress: [{ ports: [{ endPort: 2147483648 }] }] },
      "number 2147483648",
      "NetworkPolicyPort.spec.egress.ports.endPort",
      "int32",
      ".egress[0].ports[0].endPort",
    ],
    [
      { egress: [{ ports: [{ endPort: Number.NaN }] }] },
      "number NaN",
      "NetworkPolicyPort.spec.egress.ports.endPort",
      "int32",
      ".egress[0].ports[0].endPort",
    ],
  ])("is refused in a spec: case %#", (spec, was, place, type, path) => {
    expect(refusalsOfSpec(spec)).toEqual([
      `spec${path}: json: cannot unmarshal ${was} into Go struct field ${place} of type ${type}`,
    ]);
  });

  test.each([
    [{ uid: 1 }, "number", "ObjectMeta.metadata.uid", "types.UID", "uid"],
    [{ generation: "a" }, "string", "ObjectMeta.metadata.generation", "int64", "generation"],
    [
      { creationTimestamp: 3 },
      "number",
      "ObjectMeta.metadata.creationTimestamp",
      "string",
      "creationTimestamp",
    ],
    [{ finalizers: "a" }, "string", "ObjectMeta.metadata.finalizers", "[]string", "finalizers"],
    [
      { ownerReferences: [{ controller: "a" }] },
      "string",
      "OwnerReference.metadata.ownerReferences.controller",
      "bool",
      "ownerReferences[0].controller",
    ],
    [
      { managedFields: [{ operation: [] }] },
      "array",
      "ManagedFieldsEntry.metadata.managedFields.operation",
      "v1.ManagedFieldsOperationType",
      "managedFields[0].operation",
    ],
  ])("is refused in metadata: %j", (metadata, was, place, type, path) => {
    expect(refusalsOfMetadata(metadata)).toEqual([
      `metadata.${path}: json: cannot unmarshal ${was} into Go struct field ${place} of type ${type}`,
    ]);
  });

  test("is refused in the way of a YAML reader that makes large numbers exact", () => {
    expect(refusalsOfMetadata({ generation: 9223372036854775807n })).toEqual([]);
    expect(refusalsOfMetadata({ generation: 9223372036854775808n })).toEqual([
      "metadata.generation: json: cannot unmarshal number 9223372036854775808 into Go struct field ObjectMeta.metadata.generation of type int64",
    ]);
    expect(refusalsOfSpec({ ingress: [{ ports: [{ port: 2147483648n }] }] })).toEqual([
      "spec.ingress[0].ports[0].port: json: cannot unmarshal number 2147483648 into Go struct field NetworkPolicyPort.spec.ingress.ports.port of type int32",
    ]);
    expect(refusalsOfSpec({ ingress: [{ ports: [{ port: 65536n }] }] })).toEqual([
      "spec.ingress[0].ports[0].port: Invalid value: 65536: must be between 1 and 65535, inclusive",
    ]);
  });

  test("is named with all others, that one first at which a server stops", () => {
    const spec = { podSelector: "x", ingress: [{ ports: [{ endPort: "x" }, { port: true }] }] };
    const paths = validateNetworkPolicy({ spec }, 37).map(({ path }) => path);
    expect(paths).toEqual([
      "spec.ingress[0].ports[1].port",
      "spec.podSelector",
      "spec.ingress[0].ports[0].endPort",
    ]);
  });

  test("hides unknown fields and invalid values", () => {
    const paths = validateNetworkPolicy({ foo: 1, metadata: { name: "A" }, spec: [] }, 37);
    expect(paths.map(({ path }) => path)).toEqual(["spec"]);
  });
});

describe("an unknown field", () => {
  test("is refused wherever it stands, and whatever its value is", () => {
    const object: unknown = JSON.parse(
      '{"status":null,"":1,"__proto__":{},"metadata":{"name":"A","clusterName":"x"},' +
        '"spec":{"toString":1,"Ingress":[],"podSelector":{"a\\"b":1},"ingress":[{"to":[],"from":[{"ipblock":{}}]}]}}',
    );
    expect(refusals(object)).toEqual([
      'status: unknown field "status"',
      ': unknown field ""',
      '__proto__: unknown field "__proto__"',
      'metadata.clusterName: unknown field "metadata.clusterName"',
      'spec.toString: unknown field "spec.toString"',
      'spec.Ingress: unknown field "spec.Ingress"',
      String.raw`spec.podSelector.a"b: unknown field "spec.podSelector.a\"b"`,
      'spec.ingress[0].to: unknown field "spec.ingress[0].to"',
      'spec.ingress[0].from[0].ipblock: unknown field "spec.ingress[0].from[0].ipblock"',
    ]);
  });

  test("is not there when its value is not", () => {
    expect(refusalsOfSpec({ foo: undefined, podSelector: undefined })).toEqual([]);
  });
});
