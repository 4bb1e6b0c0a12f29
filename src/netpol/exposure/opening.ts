import { emptyPorts } from "../ports.ts";
import type { PodGroup } from "./class.ts";
import type { MatchedRule } from "./match.ts";
import type { PortNames } from "./pod.ts";
import type { Reaches } from "./reach.ts";
import { namesOf, resolve } from "./resolve.ts";

/** What a rule opens on a pod, for peers that it admits for certain and for those that it may. */
export type Opening = {
  /** The same on every pod: no name has to be resolved. */
  readonly fixed: Ids | undefined;
  readonly on: (target: PodGroup | undefined) => Ids;
};

type Ids = { readonly certain: number; readonly perhaps: number };

/** Creates what finds the reach of a rule: once for each, and for each set of names that it needs. */
export function createOpenings(reaches: Reaches): (matched: MatchedRule) => Opening {
  const known = new Map<MatchedRule, Opening>();
  return (matched) => {
    const opening = known.get(matched) ?? createOpening(matched, reaches);
    known.set(matched, opening);
    return opening;
  };
}

function createOpening({ rule: { ports } }: MatchedRule, reaches: Reaches): Opening {
  const noNames: PortNames = new Map();
  function idsOn(names: PortNames): Ids {
    const { certain, perhaps: most } = resolve(ports, names);
    return {
      certain: reaches.idOf({ certain, perhaps: most, unread: most }),
      perhaps: reaches.idOf({ certain: emptyPorts, perhaps: most, unread: most }),
    };
  }
  const known = new Map<PortNames, Ids>();
  return {
    fixed: namesOf(ports).length === 0 ? idsOn(noNames) : undefined,
    on(target) {
      const names = target?.portNames ?? noNames;
      const ids = known.get(names) ?? idsOn(names);
      known.set(names, ids);
      return ids;
    },
  };
}
