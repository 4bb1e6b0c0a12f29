import { describe, expect, test } from "vitest";
import { spanOf, parseCIDR } from "../../../../src/netpol/cidr.ts";
import { compileCluster } from "../../../../src/netpol/exposure/cluster.ts";
import { readAddress } from "../../../../src/netpol/exposure/address.ts";
import { type Exposure, exposure } from "../../../../src/netpol/exposure/exposure.ts";
import { admits, type Port } from "../../../../src/netpol/ports.ts";
import { createState } from "../../../fuzz/clusters.ts";
import { createRandom } from "../../../fuzz/random.ts";
import { sideOf } from "../../../oracle/reach.ts";

const count = Number(process.env["RINGFENCE_FUZZ_CLUSTERS"] ?? 2000);
const seeds = [5, Math.floor(Date.now() / 86_400_000) + 2];
/** Nobody's: no pod and no node has one of them. */
const addresses = ["8.8.8.8", "8.8.8.9", "10.9.9.9", "fd00::ff", "64:ff9b::a00:1", "192.168.7.7"];
const ports = [53, 80, 443, 8080];

function holds(cidr: string, text: string): boolean {
  const block = parseCIDR(cidr);
  const address = readAddress(text);
  if (block === undefined || address?.family !== block.family) return false;
  const { lo, hi } = spanOf(block);
  return lo <= address.value && address.value <= hi;
}

/** What the entries for everyone and for addresses say of one address and port. */
function isGranted(
  { everyone, addresses: blocks }: Exposure,
  address: string,
  port: Port,
): boolean {
  if (everyone && admits(everyone.ports, port)) return true;
  return blocks.some(
    (one) =>
      !one.ambiguous && admits(one.ports, port) && one.cidrs.some((cidr) => holds(cidr, address)),
  );
}

describe.each(seeds)("entries of an exposure (seed %i)", (seed) => {
  test("an address is in an entry with its port exactly when the API admits it", () => {
    for (let index = 0; index < count / seeds.length; index += 1) {
      const state = createState(createRandom(seed, index));
      const cluster = compileCluster(state);
      for (const pod of state.pods) {
        for (const direction of ["ingress", "egress"] as const) {
          const answer = exposure(cluster, pod, direction);
          for (const address of addresses) {
            for (const port of ports) {
              const asked = { protocol: "TCP" as const, port };
              const type = direction === "ingress" ? "Ingress" : "Egress";
              const expected = sideOf(state, pod, type, { address }, asked) === "allowed";
              const granted =
                answer !== undefined &&
                isGranted(answer, address, { protocol: "TCP", port: BigInt(port) });
              if (granted === expected) continue;
              const where = { seed, index, pod: pod.name, direction, address, port };
              expect({ ...where, granted }).toEqual({ ...where, granted: expected });
            }
          }
        }
      }
    }
  }, 120_000);
});
