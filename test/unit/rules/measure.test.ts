import { expect, test } from "vitest";
import { judgeFixture, withParameters } from "../../support/rulefixture.ts";

/** The rules that refuse ingress from the blocks where one /8 in all is accepted. */
function refusing(...cidrs: readonly string[]): readonly string[] {
  const from = cidrs.map((cidr) => ({ ipBlock: { cidr } }));
  const parameters = withParameters({ maxBlocks: 1, minPrefixV4: 8 });
  const { findings } = judgeFixture(
    { level: "baseline", parameters, before: undefined },
    {
      metadata: { name: "np", namespace: "shop" },
      spec: { podSelector: {}, ingress: [{ from, ports: [{ port: 443 }] }] },
    },
  );
  return findings.map(({ rule }) => rule);
}

test("as many addresses as maxBlocks allows are accepted, one block more is not", () => {
  expect(refusing("20.0.0.0/8")).toEqual([]);
  expect(refusing("20.0.0.0/9", "22.0.0.0/9")).toEqual([]);
  expect(refusing("20.0.0.0/8", "22.0.0.0/32")).toEqual(["no-broad-addresses"]);
  expect(refusing("20.0.0.0/8", "22.0.0.0/9")).toEqual(["no-broad-addresses"]);
});
