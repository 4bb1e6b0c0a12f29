/** What becomes of a connection; whatever is not certain says so. */
export type Verdict = "allowed" | "denied" | "depends on the network plugin" | "not evaluated";

/** Why the API alone does not decide. */
export const doubts = {
  "host-network": "NetworkPolicies are not defined for pods on the host's network",
  "loop-back": "a pod that speaks to itself",
  "own-node": "traffic from a pod to its own node, which most network plugins always allow",
  "pod-in-block": "the peer is a pod, and only an address block holds it",
  "unknown-address":
    "the peer is a pod whose addresses are not known, and an address block may hold them",
  "ambiguous-address":
    "the address block is spelled in a way that network plugins read differently",
  "port-name": "the port has a name that stands for no one number here",
  ICMP: "NetworkPolicies are not defined for ICMP",
} as const;
export type Doubt = keyof typeof doubts;

/** The verdict of a connection that needs both sides. */
export function both(one: Verdict, other: Verdict): Verdict {
  if (one === "denied" || other === "denied") return "denied";
  if (one === "not evaluated" || other === "not evaluated") return "not evaluated";
  return one === "allowed" ? other : one;
}
