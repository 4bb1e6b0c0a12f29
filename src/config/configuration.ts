import type { Level, Version } from "../api/level.ts";
import type { DefaultDeny } from "../api/names.ts";
import type { LevelParameters } from "../rules/parameters.ts";

/** A configuration with every default filled in; deeply frozen. */
export type Configuration = {
  readonly defaults: {
    readonly enforce: Level;
    readonly audit: Level;
    readonly warn: Level;
    readonly version: Version;
  };
  readonly defaultDeny: {
    readonly newNamespaces: DefaultDeny;
    readonly existingNamespaces: DefaultDeny;
    /** Exact names, or a prefix with a trailing `*`; beside the built-in ones. */
    readonly excludedNamespaces: readonly string[];
    readonly allowDNS: "auto" | "disabled";
    readonly marking: "auto" | "policy" | "webhook";
  };
  /** As written: `auto` leaves it to the cluster, see `withClusterCIDRs`. */
  readonly clusterCIDRs: "auto" | readonly string[];
  /** While `clusterCIDRs` is `auto`, the ranges are "unknown" here. */
  readonly parameters: LevelParameters;
  readonly warnings: {
    readonly podsAndServices: "auto" | "disabled";
  };
  readonly exemptions: {
    readonly namespaces: readonly string[];
    readonly users: readonly string[];
    readonly groups: readonly string[];
  };
};

/** One thing that is wrong with a configuration file. */
export type ConfigurationError = {
  /** Field path, e.g. `parameters.restricted.minPrefixV4`; empty for the file as a whole. */
  readonly path: string;
  readonly value?: unknown;
  /** What is wrong and what is allowed. */
  readonly message: string;
  readonly line?: number;
};

/** The outcome of loading: a whole configuration, or everything that is wrong. */
export type Loaded =
  | { readonly configuration: Configuration }
  | { readonly errors: readonly ConfigurationError[] };

/** What a cluster says of its own address ranges: all, those of services only, or nothing. */
export type ClusterRanges =
  | readonly string[]
  | { readonly services: readonly string[] }
  | "unknown";

/** The parameters to judge with, once the cluster's own ranges are known. */
export function withClusterCIDRs(
  configuration: Configuration,
  discovered: ClusterRanges,
): LevelParameters {
  if (configuration.clusterCIDRs !== "auto") return configuration.parameters;
  const { baseline, restricted } = configuration.parameters;
  const facts =
    typeof discovered === "object" && "services" in discovered
      ? { clusterCIDRs: discovered.services, podCIDRs: "unknown" as const }
      : { clusterCIDRs: discovered };
  return { baseline: { ...baseline, ...facts }, restricted: { ...restricted, ...facts } };
}

/** One line per error, for a terminal or a log: place, value, what is allowed. */
export function describeErrors(file: string, errors: readonly ConfigurationError[]): string {
  return errors
    .map(({ path, message, line }) => {
      const place = line === undefined ? file : `${file}:${line}`;
      return path === "" ? `${place}: ${message}` : `${place}: ${path}: ${message}`;
    })
    .join("\n");
}
