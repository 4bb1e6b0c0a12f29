import { describe, expect, it } from "vitest";
import type { EgressRule, NetworkPolicySpec } from "../../../src/api/networkpolicy.ts";
import { namedPortWithAddress } from "../../../src/warnings/named-port-with-address/warning.ts";
import { inspect, web } from "./inspecting.ts";

const block = { ipBlock: { cidr: "203.0.113.0/24" } };

function egress(...rules: readonly EgressRule[]): NetworkPolicySpec {
  return { podSelector: web, policyTypes: ["Egress"], egress: rules };
}

describe("named-port-with-address", () => {
  it("tells of a named port of an address block", () => {
    expect(
      inspect(namedPortWithAddress, egress({ to: [block], ports: [{ port: "https" }] })),
    ).toEqual([
      {
        path: "spec.egress[0].ports",
        message:
          '"https" is a named port, and 203.0.113.0/24 an address block: only pods name their ports, so most network plugins let nothing through',
        fix: "Write the number of the port.",
      },
    ]);
  });

  it("wants a rule of its own for blocks that stand beside pods", () => {
    const [advice] = inspect(
      namedPortWithAddress,
      egress({ to: [{ podSelector: {} }, block], ports: [{ port: "https" }, { port: 53 }] }),
    );
    expect(advice?.fix).toBe(
      "Write the number of the port in a rule of its own for the address blocks.",
    );
  });

  it.each<readonly [string, NetworkPolicySpec]>([
    ["numbers", egress({ to: [block], ports: [{ port: 443 }] })],
    ["pods", egress({ to: [{ podSelector: {} }], ports: [{ port: "https" }] })],
    ["everyone", egress({ ports: [{ port: "https" }] })],
    ["a name beside its whole protocol", egress({ to: [block], ports: [{ port: "https" }, {}] })],
    [
      "a block with nothing left",
      egress({
        to: [{ ipBlock: { cidr: "10.0.0.0/31", except: ["10.0.0.0/32", "10.0.0.1/32"] } }],
        ports: [{ port: "https" }],
      }),
    ],
    // A name of an ingress rule is that of a port of the policy's own pods.
    ["ingress", { podSelector: web, ingress: [{ from: [block], ports: [{ port: "https" }] }] }],
  ])("stays silent about %s", (_, spec) => {
    expect(inspect(namedPortWithAddress, spec)).toEqual([]);
  });
});
