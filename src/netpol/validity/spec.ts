import { type Invalid, invalidJSON, unsupported } from "./invalid.ts";
import type { Dialect } from "./minor.ts";
import { validatePeer } from "./peer.ts";
import { validatePort } from "./port.ts";
import { validateSelector } from "./selector.ts";
import type { DecodedPeer, DecodedPort, DecodedSpec } from "./shape.ts";

const policyTypes = ["Ingress", "Egress"];

/** The spec of a NetworkPolicy. */
export function validateSpec(spec: DecodedSpec, dialect: Dialect): readonly Invalid[] {
  const { podSelector = {}, ingress = [], egress = [], policyTypes: types = [] } = spec;
  return [
    ...validateSelector(podSelector, "spec.podSelector", dialect),
    ...ingress.flatMap(({ ports = [], from = [] }, index) => {
      const path = `spec.ingress[${index}]`;
      return validateRule({ ports, peers: from, path, peersField: "from" }, dialect);
    }),
    ...egress.flatMap(({ ports = [], to = [] }, index) => {
      const path = `spec.egress[${index}]`;
      return validateRule({ ports, peers: to, path, peersField: "to" }, dialect);
    }),
    ...validatePolicyTypes(types, "spec.policyTypes"),
  ];
}

type Rule = {
  readonly ports: readonly DecodedPort[];
  readonly peers: readonly DecodedPeer[];
  readonly path: string;
  readonly peersField: "from" | "to";
};

function validateRule(
  { ports, peers, path, peersField }: Rule,
  dialect: Dialect,
): readonly Invalid[] {
  return [
    ...ports.flatMap((port, index) => validatePort(port, `${path}.ports[${index}]`, dialect)),
    ...peers.flatMap((peer, index) =>
      validatePeer(peer, `${path}.${peersField}[${index}]`, dialect),
    ),
  ];
}

function validatePolicyTypes(types: readonly string[], path: string): readonly Invalid[] {
  if (types.length > policyTypes.length) {
    return [invalidJSON(path, types, "may not specify more than two policyTypes")];
  }
  return types.flatMap((type, index) =>
    policyTypes.includes(type) ? [] : [unsupported(`${path}[${index}]`, type, policyTypes)],
  );
}
