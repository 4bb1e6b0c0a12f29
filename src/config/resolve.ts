import type { LevelParameters, Parameters } from "../rules/parameters.ts";
import type { Configuration } from "./configuration.ts";
import type { ConfigurationFile } from "./schema/configuration.ts";

type ParametersSection = NonNullable<ConfigurationFile["parameters"]>;

/** Fills in every default. A common value holds for both levels, a level's own value wins. */
export function resolve(file: ConfigurationFile, standard: LevelParameters): Configuration {
  const { baseline, restricted, clusterCIDRs, ...common } = file.parameters ?? {};
  const ranges = clusterCIDRs ?? "auto";
  const facts = { clusterCIDRs: ranges === "auto" ? ("unknown" as const) : ranges };
  return freeze({
    defaults: {
      enforce: "baseline",
      audit: "restricted",
      warn: "restricted",
      version: "v1",
      ...file.defaults,
    },
    defaultDeny: {
      newNamespaces: "enabled",
      existingNamespaces: "audit",
      excludedNamespaces: [],
      allowDNS: "auto",
      marking: "auto",
      ...file.defaultDeny,
    },
    clusterCIDRs: ranges,
    parameters: {
      baseline: level(standard.baseline, common, baseline, facts),
      restricted: level(standard.restricted, common, restricted, facts),
    },
    warnings: { podsAndServices: "auto", ...file.warnings },
    exemptions: { namespaces: [], users: [], groups: [], ...file.exemptions },
  });
}

function level(
  standard: Parameters,
  common: Omit<ParametersSection, "baseline" | "restricted" | "clusterCIDRs">,
  own: ParametersSection["baseline"] | ParametersSection["restricted"],
  facts: Pick<Parameters, "clusterCIDRs">,
): Parameters {
  return { ...standard, ...common, ...own, ...facts };
}

function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}
