import { describe, expect, test } from "vitest";
import { refusalsOfSpec } from "../../../support/validityrefusals.ts";

const noPeer = "Required value: must specify a peer";
const mixed = "Forbidden: may not specify both ipBlock and another peer";
const supported = 'supported values: "Ingress", "Egress"';

describe("a spec", () => {
  test.each([
    null,
    undefined,
    {},
    { podSelector: null, ingress: null, egress: null, policyTypes: null },
    { ingress: [], egress: [], policyTypes: [] },
    { ingress: [null, {}, { from: [], ports: null }], egress: [{ to: null }] },
    { policyTypes: ["Egress", "Egress"] },
    { ingress: [{ from: [{ podSelector: {}, namespaceSelector: {} }] }], policyTypes: ["Egress"] },
  ])("can be %j", (spec) => {
    expect(refusalsOfSpec(spec)).toEqual([]);
  });

  test("has two policy types at most, and then they are not looked at", () => {
    expect(refusalsOfSpec({ policyTypes: ["Ingress", "Egress", "<&>"] })).toEqual([
      String.raw`spec.policyTypes: Invalid value: ["Ingress","Egress","\u003c\u0026\u003e"]: may not specify more than two policyTypes`,
    ]);
  });

  test("has no other policy types than the two", () => {
    expect(refusalsOfSpec({ policyTypes: ["ingress", null] })).toEqual([
      `spec.policyTypes[0]: Unsupported value: "ingress": ${supported}`,
      `spec.policyTypes[1]: Unsupported value: "": ${supported}`,
    ]);
  });

  test.each([null, {}, { podSelector: null }, { ipBlock: null, namespaceSelector: null }])(
    "has no peer %j",
    (peer) => {
      expect(refusalsOfSpec({ ingress: [{ from: [peer] }] })).toEqual([
        `spec.ingress[0].from[0]: ${noPeer}`,
      ]);
    },
  );

  test.each([{ podSelector: {} }, { namespaceSelector: {} }])(
    "has no address block beside %j",
    (selectors) => {
      const peer = { ...selectors, ipBlock: { cidr: "10.0.0.0/8" } };
      expect(refusalsOfSpec({ egress: [{ to: [peer] }] })).toEqual([
        `spec.egress[0].to[0]: ${mixed}`,
      ]);
    },
  );

  test("says where each of its mistakes stands", () => {
    const spec = {
      podSelector: { matchExpressions: [{ key: "a", operator: "In" }] },
      ingress: [{}, { ports: [{}, { port: 0 }], from: [{ podSelector: {} }, {}] }],
      egress: [
        {
          ports: [{ port: 0 }],
          to: [
            {
              namespaceSelector: { matchExpressions: [{ key: "a" }] },
              podSelector: { matchExpressions: [{ key: "a", operator: "Exists", values: [""] }] },
              ipBlock: {},
            },
          ],
        },
      ],
      policyTypes: ["x"],
    };
    expect(refusalsOfSpec(spec)).toEqual([
      "spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      "spec.ingress[1].ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      `spec.ingress[1].from[1]: ${noPeer}`,
      "spec.egress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      "spec.egress[0].to[0].podSelector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      'spec.egress[0].to[0].namespaceSelector.matchExpressions[0].operator: Invalid value: "": not a valid selector operator',
      "spec.egress[0].to[0].ipBlock.cidr: Required value",
      `spec.egress[0].to[0]: ${mixed}`,
      `spec.policyTypes[0]: Unsupported value: "x": ${supported}`,
    ]);
  });
});
