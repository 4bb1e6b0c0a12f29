import { expect, test } from "vitest";
import type { NetworkPolicy } from "../../../../src/api/networkpolicy.ts";
import { createMatrix } from "../../../../src/netpol/exposure/matrix.ts";
import { markOf } from "../../../support/reachmark.ts";
import {
  api,
  clusterOf,
  host,
  monitor,
  policyOf,
  stranger,
  web,
} from "../../../support/smallcluster.ts";

/** From each class to itself at TCP 80, marked as in the table of pairs. */
function selves(networkPolicies: readonly NetworkPolicy[]): readonly string[] {
  const pods = [web, api, monitor, stranger, { ...stranger, name: "replica" }, host];
  const { classes, row, reach } = createMatrix(clusterOf(networkPolicies, pods));
  return classes.map(({ index, pods: alike }) => {
    const own = reach(row(index)[index] ?? -1);
    return `${alike.map(({ pod }) => pod.name).join()} ${markOf(own, 80)}`;
  });
}

test("an isolated pod speaks to itself as the network plugin likes, one of several as policies say", () => {
  const one = policyOf({ podSelector: { matchLabels: { app: "web" } } });
  const elsewhere = policyOf({ podSelector: {} }, "one", "other");
  expect(selves([one, elsewhere])).toEqual([
    "web ?",
    "api +",
    "monitor +",
    "host +",
    "stranger,replica -",
  ]);
});

test("a pod that its own policies admit speaks to itself whatever the network plugin is", () => {
  const rules = [{ ports: [{ port: 80 }] }];
  const spec = {
    podSelector: { matchLabels: { app: "web" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: rules,
    egress: rules,
  };
  expect(selves([policyOf(spec)])[0]).toBe("web +");
  expect(selves([policyOf({ ...spec, policyTypes: ["Egress"] })])[0]).toBe("web +");
  expect(selves([policyOf({ ...spec, ingress: [] })])[0]).toBe("web ?");
});

test("a pod that nothing isolates for certain may be isolated by what could not be read", () => {
  expect(selves([policyOf({ policyTypes: ["Sideways"] }, "one", "monitoring")])).toEqual([
    "web,api +",
    "monitor !",
    "host !",
    "stranger,replica +",
  ]);
});
