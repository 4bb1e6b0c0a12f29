import type { Family } from "../../netpol/address.ts";
import { emptyPorts, type Protocol, protocols } from "../../netpol/ports.ts";
import type { Direction } from "../../netpol/model.ts";
import type { Judged, Rule, Violation } from "../rule.ts";
import { judgeCluster, noteUnknown } from "./cluster.ts";
import { type Contributor, contributorsOf } from "./contributor.ts";
import { patchInternet } from "./patch.ts";
import { reportExcesses } from "./report.ts";
import { countPorts, isInternet } from "./internet.ts";
import { type Sum, sumUp } from "./sum.ts";
import { sumsOfAddresses } from "./together.ts";

/** Refuses address blocks that together are so broad that they stand for "everywhere". */
export const noBroadAddresses: Rule = {
  id: "no-broad-addresses",
  level: "baseline",
  rank: 3,
  summary:
    "Address blocks that together admit whole regions of the internet, or the cluster's pods.",
  parameters: [
    "minPrefixV4",
    "minPrefixV6",
    "maxBlocks",
    "maxInternetPorts",
    "clusterCIDRs",
    "allowedCIDRs",
    "dnsPorts",
    "publicListeners",
  ],
  judge: (judged) => [...judgeDirection(judged, "ingress"), ...judgeDirection(judged, "egress")],
  sums: sumsOfAddresses,
  notes: (judged) =>
    noteUnknown(judged, () =>
      directions.flatMap((direction) =>
        families.flatMap((family) => contributorsOf(judged, direction, family)),
      ),
    ),
};

const directions = ["ingress", "egress"] as const;
const families = [4, 6] as const;

function judgeDirection(judged: Judged, direction: Direction): readonly Violation[] {
  const byFamily = families.map((family) => ({
    family,
    all: contributorsOf(judged, direction, family),
  }));
  const sums = byFamily.flatMap(({ family, all }) => sumFamily(judged, direction, family, all));
  const final = needsOnlyInternet(judged, direction, sums)
    ? byFamily.flatMap(({ family, all }) => {
        const rest = all.filter((contributor) => !isInternet(judged, contributor));
        return rest.length === 0 ? [] : sumFamily(judged, direction, family, rest);
      })
    : sums;
  const excesses = final.flatMap((sum) => sum.excesses);
  const broad = reportExcesses(judged, excesses, (carrier) => {
    const blocks = byFamily.find(({ family }) => family === carrier.peer.block.family);
    return patchInternet(judged, carrier, blocks?.all ?? [], sums);
  });
  // One mistake, one finding: a block is reported once, for the first reason.
  const reported = new Set(excesses.map(({ carrier }) => carrier.peer));
  const unreported = byFamily.flatMap(({ all }) => all.filter(({ peer }) => !reported.has(peer)));
  return [...broad, ...unreported.flatMap((one) => judgeCluster(judged, one, sums))];
}

function sumFamily(
  judged: Judged,
  direction: Direction,
  family: Family,
  contributors: readonly Contributor[],
): readonly Sum[] {
  const sumOn = (protocol: Protocol) => sumUp(judged, direction, family, protocol, contributors);
  const olds = judged.before[direction].addresses[family];
  const isAlike = [...contributors.map(({ rule }) => rule), ...olds].every(
    ({ ports: { TCP, UDP, SCTP } }) => TCP === UDP && UDP === SCTP,
  );
  if (!isAlike) return protocols.map(sumOn);
  // Rules without ports: the same on every protocol, so the first one is enough.
  const first = sumOn("TCP");
  return protocols.map((protocol) => onProtocol(first, protocol));
}

function onProtocol(sum: Sum, protocol: Protocol): Sum {
  const excesses = sum.excesses.map((excess) => ({
    ...excess,
    port: { ...excess.port, protocol },
    ports: { ...emptyPorts, [protocol]: excess.ports.TCP },
  }));
  return { ...sum, protocol, excesses };
}

/** At baseline egress to the internet is accepted on a few ports. */
function needsOnlyInternet(
  { standard }: Judged,
  direction: Direction,
  sums: readonly Sum[],
): boolean {
  if (standard.level !== "baseline" || direction !== "egress") return false;
  const count = countPorts(sums);
  return count > 0n && count <= BigInt(standard.parameters.maxInternetPorts);
}
