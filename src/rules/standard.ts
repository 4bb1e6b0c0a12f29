import { bits, type Family, formatAddress, parseAddress } from "../netpol/address.ts";
import { parseCIDR, spanOf } from "../netpol/cidr.ts";
import { fold } from "../netpol/fold.ts";
import type { Problem } from "../netpol/model.ts";
import type { PortSet } from "../netpol/ports.ts";
import { readPorts } from "../netpol/readports.ts";
import { readSelector } from "../netpol/readselector.ts";
import { placeAt } from "../netpol/wire.ts";
import type { Selector } from "../netpol/selector.ts";
import { type Spans, union } from "../netpol/spans.ts";
import type { Parameters, PublicListener } from "./parameters.ts";
import { privateSpace } from "./privatespace.ts";

/** Addresses of both families. */
export type AddressSet = { readonly [F in Family]: Spans };

/** How the union of blocks of one family is measured. */
export type Measure = {
  /** Addresses that never count. */
  readonly excluded: Spans;
  /** Size of the smallest aligned block that is refused; undefined: none is. */
  readonly bucket: bigint | undefined;
  /** How many addresses are still accepted. */
  readonly limit: bigint;
};

/** The parameters of one level, read once. */
export type Standard = {
  readonly level: "baseline" | "restricted";
  readonly parameters: Parameters;
  readonly dnsPorts: Spans;
  readonly listeners: readonly Listener[];
  /** Addresses that no rule about their number counts. */
  readonly allowed: AddressSet;
  readonly measure: { readonly [F in Family]: Measure };
  readonly clusterRanges: AddressSet | undefined;
  /** False where pods may have addresses outside `clusterRanges`. */
  readonly knowsPodRanges: boolean;
  /** Canonical texts of the endpoints that may be reached. */
  readonly allowedEndpoints: ReadonlySet<string>;
  readonly dnsPodLabels: ReadonlyMap<string, ReadonlySet<string>>;
};

export type Listener = {
  readonly namespaces: ReadonlySet<string>;
  readonly podSelector: Selector;
  readonly ports: PortSet;
};

/** Reads the parameters of a level; what cannot be read is a problem with its path. */
export function readStandard(
  level: Standard["level"],
  parameters: Parameters,
): { readonly standard: Standard; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const allowed = readRanges(parameters.allowedCIDRs, "allowedCIDRs", problems);
  const { clusterCIDRs, podCIDRs } = parameters;
  const standard: Standard = {
    level,
    parameters,
    dnsPorts: union(parameters.dnsPorts.map((port) => ({ lo: BigInt(port), hi: BigInt(port) }))),
    listeners: parameters.publicListeners.map((listener, index) =>
      readListener(listener, `publicListeners[${index}]`, problems),
    ),
    allowed,
    measure: {
      4: measureOf(4, level, allowed, parameters),
      6: measureOf(6, level, allowed, parameters),
    },
    clusterRanges:
      clusterCIDRs === "unknown" ? undefined : readRanges(clusterCIDRs, "clusterCIDRs", problems),
    knowsPodRanges: clusterCIDRs !== "unknown" && podCIDRs !== "unknown",
    allowedEndpoints: readEndpoints(parameters.allowedEndpoints, problems),
    dnsPodLabels: new Map(
      Object.entries(parameters.dnsPodLabels).map(([key, values]) => [key, new Set(values)]),
    ),
  };
  return { standard, problems };
}

function measureOf(
  family: Family,
  level: Standard["level"],
  allowed: AddressSet,
  parameters: Parameters,
): Measure {
  const minPrefix = family === 4 ? parameters.minPrefixV4 : parameters.minPrefixV6;
  const own = level === "baseline" ? privateSpace[family] : [];
  return {
    excluded: union([...allowed[family], ...own]),
    bucket: minPrefix === 0 ? undefined : 1n << BigInt(bits[family] - minPrefix + 1),
    limit: BigInt(parameters.maxBlocks) << BigInt(bits[family] - minPrefix),
  };
}

function readRanges(texts: readonly string[], path: string, problems: Problem[]): AddressSet {
  const blocks = texts.flatMap((text, index) => {
    const cidr = parseCIDR(text);
    if (cidr === undefined)
      problems.push({ path: `${path}[${index}]`, message: "is no address block" });
    return cidr === undefined ? [] : [fold(cidr)];
  });
  const of = (family: Family) =>
    union(blocks.filter((block) => block.family === family).map(spanOf));
  return { 4: of(4), 6: of(6) };
}

function readListener(listener: PublicListener, path: string, problems: Problem[]): Listener {
  const entries = listener.ports.map((entry) =>
    typeof entry === "object" ? entry : { port: entry },
  );
  if (entries.length === 0) problems.push({ path: `${path}.ports`, message: "must list ports" });
  return {
    namespaces: new Set(listener.namespaces),
    podSelector: readSelector(listener.podSelector, placeAt(`${path}.podSelector`, problems)),
    ports: readPorts(entries, placeAt(`${path}.ports`, problems)).ports,
  };
}

function readEndpoints(texts: readonly string[], problems: Problem[]): ReadonlySet<string> {
  return new Set(
    texts.flatMap((text, index) => {
      const address = parseAddress(text);
      if (address !== undefined) return [formatAddress(address)];
      problems.push({ path: `allowedEndpoints[${index}]`, message: "is no address" });
      return [];
    }),
  );
}
