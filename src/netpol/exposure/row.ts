import type { Direction } from "../model.ts";
import { eachBit, hasBit } from "./bits.ts";
import type { Cluster, PodClass } from "./cluster.ts";
import { createOpenings } from "./opening.ts";
import { everything, nothing, perhaps, type Reaches, unread } from "./reach.ts";

/** For each class of a cluster, by its position, the number of a reach. */
export type Row = Uint32Array;

export type Rows = {
  /** What a class's own policies admit in a direction, for each class as the peer. */
  readonly own: (podClass: PodClass, direction: Direction) => Row;
  /**
   * What each class's policies admit in a direction, with this class as the peer. It is written
   * over by the next call.
   */
  readonly others: (podClass: PodClass, direction: Direction) => Row;
};

/** Creates the rows of a cluster, one at a time: all of them together would be large. */
export function createRows({ classes, rules }: Cluster, reaches: Reaches): Rows {
  const openings = createOpenings(reaches);
  const onHost = classes.filter(({ hostNetwork }) => hostNetwork).map(({ index }) => index);
  const bases = createBases(classes);
  const scratch = new Uint32Array(classes.length);

  function add(row: Row, at: number, id: number): void {
    const before = row[at] ?? nothing;
    if (before === nothing) row[at] = id;
    else if (before !== id) row[at] = reaches.union(before, id);
  }
  return {
    own(podClass, direction) {
      const row = new Uint32Array(classes.length).fill(baseOf(podClass, direction, false));
      for (const at of onHost) row[at] = baseOf(podClass, direction, true);
      for (const matched of podClass[direction].rules) {
        const { fixed, on } = openings(matched);
        const ids = direction === "ingress" ? on(podClass) : fixed;
        for (const kind of ["certain", "perhaps"] as const) {
          eachBit(matched[kind], (at) => add(row, at, (ids ?? on(classes[at]))[kind]));
        }
      }
      return row;
    },
    others(podClass, direction) {
      scratch.set(bases(direction, podClass.hostNetwork));
      for (const matched of rules[direction]) {
        const isCertain = hasBit(matched.certain, podClass.index);
        if (!isCertain && !hasBit(matched.perhaps, podClass.index)) continue;
        const kind = isCertain ? "certain" : "perhaps";
        const { fixed, on } = openings(matched);
        const ids = direction === "egress" ? on(podClass) : fixed;
        for (const at of matched.subjects) add(scratch, at, (ids ?? on(classes[at]))[kind]);
      }
      return scratch;
    },
  };
}

/** What is open before any rule is looked at. */
function baseOf(subject: PodClass, direction: Direction, isPeerOnHost: boolean): number {
  const { policies, unread: notRead } = subject[direction];
  if (policies.length === 0) return notRead.length === 0 ? everything : unread;
  if (subject.hostNetwork || isPeerOnHost) return perhaps;
  return notRead.length === 0 ? nothing : unread;
}

/** The same for each class as the subject, by the direction and the kind of peer. */
function createBases(classes: readonly PodClass[]): (direction: Direction, onHost: boolean) => Row {
  const known = new Map<string, Row>();
  return (direction, onHost) => {
    const key = `${direction} ${onHost}`;
    const base =
      known.get(key) ?? Uint32Array.from(classes, (subject) => baseOf(subject, direction, onHost));
    known.set(key, base);
    return base;
  };
}
