import { expect, test } from "vitest";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import { createAdviser } from "../../../src/engine/advise.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";

const advise = createAdviser(defaultParameters);

/** The fixes of one warning. */
function fixesOf(id: string, written: NetworkPolicy): readonly string[] {
  return advise(written, { namespace: "shop" }).flatMap(({ warning, fix }) =>
    warning === id ? [fix] : [],
  );
}

test("missing-egress-type writes the types that the name asks for", () => {
  const spec = { policyTypes: ["Ingress"] };
  expect(fixesOf("missing-egress-type", { metadata: { name: "deny-all" }, spec })).toEqual([
    "Write policyTypes: [Ingress, Egress], and allow DNS. If egress is meant to stay open, say ingress in metadata.name.",
  ]);
  expect(fixesOf("missing-egress-type", { metadata: { name: "deny-egress" }, spec })).toEqual([
    "Write policyTypes: [Egress], and allow DNS. If egress is meant to stay open, say ingress in metadata.name.",
  ]);
  expect(fixesOf("missing-egress-type", { spec: { egress: [] } })).toEqual([
    "Write policyTypes: [Ingress, Egress], and allow DNS. If egress is meant to stay open, remove egress.",
  ]);
});

test("misleading-name names a repair for each direction", () => {
  const spec = { policyTypes: ["Egress"], egress: [{}] };
  expect(fixesOf("misleading-name", { metadata: { name: "deny-all" }, spec })).toEqual([
    "Make the policy do what it says: add Ingress to spec.policyTypes and remove the egress rule without peers. Or rename it.",
  ]);
});

test("secondary-networks-only keeps the networks that are named", () => {
  const annotations = { "ovn.kubernetes.io/network_policy_for": "net1, storage/shop,b/c" };
  expect(fixesOf("secondary-networks-only", { metadata: { annotations } })).toEqual([
    'Add the primary network, as in "ovn,net1, storage/shop,b/c", or remove the annotation.',
  ]);
});
