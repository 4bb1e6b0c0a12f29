import * as fc from "fast-check";

const selector = fc.constantFrom(
  {},
  { matchLabels: { team: "x" } },
  { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
  {
    matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["a", "b"] }],
  },
  { matchExpressions: [{ key: "team", operator: "NotIn", values: ["x"] }] },
  { matchExpressions: [{ key: "team", operator: "Like", values: [] }] },
);
const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ namespaceSelector: selector, podSelector: selector }),
  fc.record({
    ipBlock: fc.constantFrom(
      { cidr: "0.0.0.0/0" },
      { cidr: "010.0.0.0/24" },
      { cidr: "10.1.2.3/16", except: ["10.1.0.0/24", "10.1.2"] },
      { cidr: "169.254.169.254/32" },
    ),
  }),
);
const ports = fc.array(
  fc.constantFrom({ port: 80 }, { port: 0 }, { protocol: "UDP" }, { port: 1, endPort: 9000 }),
  { maxLength: 2 },
);
/** NetworkPolicies of every kind: good, bad, invalid; without a namespace. */
export const policyObject = fc.record({
  apiVersion: fc.constant("networking.k8s.io/v1"),
  kind: fc.constant("NetworkPolicy"),
  metadata: fc.record({
    name: fc.constantFrom("a", "b-c", "Wrong_Name"),
    annotations: fc.constantFrom({}, { "k8s.ovn.org/acl-stateless": "true" }, { "a b/c d": "x" }),
  }),
  spec: fc.record(
    {
      podSelector: selector,
      policyTypes: fc.constantFrom(["Ingress"], ["Egress"], ["Ingress", "Egress"], ["Both"]),
      ingress: fc.array(
        fc.record({ from: fc.array(peer, { maxLength: 3 }), ports }, { requiredKeys: [] }),
        { maxLength: 2 },
      ),
      egress: fc.array(
        fc.record({ to: fc.array(peer, { maxLength: 3 }), ports }, { requiredKeys: [] }),
        { maxLength: 2 },
      ),
      ingres: fc.constant([]),
    },
    { requiredKeys: ["podSelector"] },
  ),
});
