import type { Direction } from "../model.ts";
import { eachBit, hasBit } from "./bits.ts";
import type { Cluster, PodClass } from "./cluster.ts";
import type { MatchedRule } from "./match.ts";
import type { PortNames } from "./pod.ts";
import { everything, nothing, perhaps, type Reaches, unread } from "./reach.ts";
import { namesOf, resolve } from "./resolve.ts";

/** For each class of a cluster, by its position, the number of a reach. */
export type Row = Uint32Array;

export type Rows = {
  /** What a class's own policies admit in a direction, for each class as the peer. */
  readonly own: (podClass: PodClass, direction: Direction) => Row;
  /** What each class's policies admit in a direction, with this class as the peer. */
  readonly others: (podClass: PodClass, direction: Direction) => Row;
};

type Grant = { readonly certain: number; readonly perhaps: number };

/** Creates the rows of a cluster, one at a time: all of them together would be large. */
export function createRows({ classes, rules }: Cluster, reaches: Reaches): Rows {
  const grantOf = createGrants(reaches);
  return {
    own(podClass, direction) {
      const isolation = podClass[direction];
      const row = Uint32Array.from(classes, (peer) => baseOf(podClass, direction, peer));
      if (isolation.policies.length === 0) return row;
      for (const matched of isolation.rules) {
        const grantTo = (at: number, kind: keyof Grant) => {
          const target = direction === "ingress" ? podClass : classes[at];
          const grant = grantOf(matched, target?.portNames);
          row[at] = reaches.union(row[at] ?? nothing, grant[kind]);
        };
        eachBit(matched.certain, (at) => grantTo(at, "certain"));
        eachBit(matched.perhaps, (at) => grantTo(at, "perhaps"));
      }
      return row;
    },
    others(podClass, direction) {
      const row = Uint32Array.from(classes, (subject) => baseOf(subject, direction, podClass));
      for (const matched of rules[direction]) {
        const isCertain = hasBit(matched.certain, podClass.index);
        if (!isCertain && !hasBit(matched.perhaps, podClass.index)) continue;
        eachBit(matched.subjects, (at) => {
          const target = direction === "ingress" ? classes[at] : podClass;
          const grant = grantOf(matched, target?.portNames);
          row[at] = reaches.union(row[at] ?? nothing, isCertain ? grant.certain : grant.perhaps);
        });
      }
      return row;
    },
  };
}

/** What is open before any rule is looked at. */
function baseOf(subject: PodClass, direction: Direction, peer: PodClass): number {
  const { policies, unread: notRead } = subject[direction];
  if (policies.length === 0) return notRead.length === 0 ? everything : unread;
  if (subject.hostNetwork || peer.hostNetwork) return perhaps;
  return notRead.length === 0 ? nothing : unread;
}

/** What a rule opens on a pod with these port names, certainly and for peers that it may admit. */
function createGrants(reaches: Reaches): (matched: MatchedRule, names?: PortNames) => Grant {
  const plain = new Map<MatchedRule, Grant>();
  const named = new Map<MatchedRule, Map<PortNames, Grant>>();
  const noNames: PortNames = new Map();
  function compute({ rule }: MatchedRule, names: PortNames): Grant {
    const resolved = resolve(rule.ports, names);
    const most = resolved.perhaps;
    const none = reaches.get(nothing).allowed;
    return {
      certain: reaches.idOf({ certain: resolved.certain, perhaps: most, unread: most }),
      perhaps: reaches.idOf({ certain: none, perhaps: most, unread: most }),
    };
  }
  return (matched, names = noNames) => {
    const simple = plain.get(matched);
    if (simple !== undefined) return simple;
    if (namesOf(matched.rule.ports).length === 0) {
      const grant = compute(matched, noNames);
      plain.set(matched, grant);
      return grant;
    }
    const grants = named.get(matched) ?? new Map<PortNames, Grant>();
    named.set(matched, grants);
    const grant = grants.get(names) ?? compute(matched, names);
    grants.set(names, grant);
    return grant;
  };
}
