import * as fc from "fast-check";

const selectors = [
  {},
  { matchLabels: { team: "x" } },
  { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
  { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["a"] }] },
  { matchExpressions: [{ key: "team", operator: "NotIn", values: ["x"] }] },
];
const badSelectors = [{ matchExpressions: [{ key: "team", operator: "Like", values: [] }] }];

const blocks = [
  { cidr: "0.0.0.0/0" },
  {
    cidr: "0.0.0.0/0",
    except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"],
  },
  { cidr: "10.20.0.0/16" },
  { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] },
  { cidr: "fd00:ec2::254/128" },
  { cidr: "169.254.169.254/32" },
];
const badBlocks = [
  { cidr: "010.0.0.0/24" },
  { cidr: "10.1.2.3/16", except: ["10.1.0.0/24", "10.1.2"] },
];

const ports = [
  { port: 80 },
  { port: "http" },
  { protocol: "UDP", port: 53 },
  { port: 1, endPort: 9000 },
];
const badPorts = [{ port: 0 }, { protocol: "udp" }];

type Labels = { readonly [key: string]: string };

/** NetworkPolicies good and bad, without a namespace; where all are sound the API server takes each. */
function policies(isSound: boolean) {
  const some = <S, B>(sound: readonly S[], bad: readonly B[]): fc.Arbitrary<S | B> =>
    fc.constantFrom<(S | B)[]>(...sound, ...sound, ...sound, ...(isSound ? [] : bad));
  const selector = some(selectors, badSelectors);
  const peer = fc.oneof(
    fc.record({ podSelector: selector }),
    fc.record({ namespaceSelector: selector }),
    fc.record({ namespaceSelector: selector, podSelector: selector }),
    fc.record({ ipBlock: some(blocks, badBlocks) }),
  );
  const peers = fc.array(peer, { maxLength: 3 });
  const portList = fc.array(some(ports, badPorts), { maxLength: 2 });
  const rules = (field: "from" | "to") =>
    fc.array(fc.record({ [field]: peers, ports: portList }, { requiredKeys: [] }), {
      maxLength: 2,
    });
  return fc.record({
    apiVersion: fc.constant("networking.k8s.io/v1"),
    kind: fc.constant("NetworkPolicy"),
    metadata: fc.record({
      name: some(["a", "b-c"], ["Wrong_Name"]),
      annotations: some<Labels, Labels>(
        [{}, { "k8s.ovn.org/acl-stateless": "true" }],
        [{ "a b/c d": "x" }],
      ),
    }),
    spec: fc.record(
      {
        podSelector: selector,
        policyTypes: some([["Ingress"], ["Egress"], ["Ingress", "Egress"]], [["Both"]]),
        ingress: rules("from"),
        egress: rules("to"),
        ...(isSound ? {} : { ingres: fc.constant([]) }),
      },
      { requiredKeys: ["podSelector"] },
    ),
  });
}

export const soundPolicy = policies(true);
export const anyPolicy = fc.oneof(
  { weight: 3, arbitrary: soundPolicy },
  { weight: 2, arbitrary: policies(false) },
);
