import { type Problem, show } from "./problem.ts";
import type { ConfigurationFile } from "./schema/configuration.ts";

type Listener = NonNullable<
  NonNullable<ConfigurationFile["parameters"]>["publicListeners"]
>[number];
type Levels = Pick<NonNullable<ConfigurationFile["parameters"]>, "publicListeners" | "annotations">;

/** What the schema cannot express, apart from the comparison of the two levels. */
export function check(file: ConfigurationFile): Problem[] {
  const { baseline, restricted, ...common } = file.parameters ?? {};
  return [
    ...levelErrors(["parameters"], common),
    ...levelErrors(["parameters", "baseline"], baseline ?? {}),
    ...levelErrors(["parameters", "restricted"], restricted ?? {}),
    ...groupErrors(file.exemptions?.groups ?? []),
  ];
}

function levelErrors(at: readonly string[], level: Levels): Problem[] {
  const listeners = level.publicListeners ?? [];
  const annotations = level.annotations ?? [];
  return [
    ...listeners.flatMap((listener, index) =>
      listenerErrors([...at, "publicListeners", String(index)], listener),
    ),
    ...annotations.flatMap(({ weakens, value }, index) => {
      const where = [...at, "annotations", String(index), "value"];
      if (weakens === "exactly" && value === undefined) {
        return [{ at: where, message: "is missing: `weakens: exactly` compares with it" }];
      }
      if (weakens !== "exactly" && value !== undefined) {
        return [{ at: where, value, message: `${show(value)} has no meaning here: leave it out` }];
      }
      return [];
    }),
  ];
}

function listenerErrors(at: readonly string[], listener: Listener): Problem[] {
  const expressions = listener.podSelector.matchExpressions ?? [];
  return [
    ...expressions.flatMap(({ operator, values = [] }, index) => {
      const where = [...at, "podSelector", "matchExpressions", String(index), "values"];
      const wanted = operator === "In" || operator === "NotIn";
      if (wanted && values.length === 0) {
        return [{ at: where, value: values, message: `${operator} needs at least one value` }];
      }
      if (!wanted && values.length > 0) {
        return [{ at: where, value: values, message: `${operator} takes no values` }];
      }
      return [];
    }),
    ...listener.ports.flatMap((entry, index) => {
      if (typeof entry !== "object" || entry.endPort === undefined) return [];
      const where = [...at, "ports", String(index), "endPort"];
      if (typeof entry.port === "string") {
        return [{ at: where, value: entry.endPort, message: "needs a numeric port beside it" }];
      }
      if (entry.endPort >= entry.port) return [];
      return [
        {
          at: where,
          value: entry.endPort,
          message: `${String(entry.endPort)} is below port ${String(entry.port)}: a range ends where it starts or later`,
        },
      ];
    }),
  ];
}

/** Groups that hold everybody: exempting one would switch Ringfence off without saying so. */
const everybody = new Set(["system:authenticated", "system:unauthenticated"]);

function groupErrors(groups: readonly string[]): Problem[] {
  return groups.flatMap((group, index) =>
    everybody.has(group)
      ? [
          {
            at: ["exemptions", "groups", String(index)],
            value: group,
            message: `${show(group)} holds everybody: to refuse nothing, set defaults.enforce to privileged`,
          },
        ]
      : [],
  );
}
