import type { Direction } from "../model.ts";
import { emptyPorts, everyPort, hasNoPort, type PortSet } from "../ports.ts";
import { hasBit } from "./bits.ts";
import type { Cluster, PodClass } from "./cluster.ts";
import { type Grants, grantsOf } from "./grant.ts";
import type { NotEvaluated, PodRef, PolicyRef, RuleRef } from "./input.ts";
import type { PortNames } from "./pod.ts";
import { createReaches, nothing, type Reach } from "./reach.ts";
import { namesOf, resolve } from "./resolve.ts";
import { createRows } from "./row.ts";
import type { Doubt } from "./verdict.ts";

/** Who gets in to a pod (ingress), or what it reaches (egress). */
export type Exposure = Grants & {
  readonly pod: PodRef;
  readonly direction: Direction;
  readonly isolated: boolean;
  readonly isolatedBy: readonly PolicyRef[];
  /** The pods of the cluster that the policies admit, as far as anything is or may be open. */
  readonly known: readonly KnownPods[];
  /** Why all of this is not for the API alone to say. */
  readonly doubts: readonly Doubt[];
  /** Policies of the namespace that could not be read: any of them may isolate or admit more. */
  readonly notEvaluated: readonly NotEvaluated[];
};

/** Pods that are treated the same. */
export type KnownPods = {
  readonly pods: readonly PodRef[];
  /** What the policies of the exposed pod say, numbers only. */
  readonly reach: Reach;
  /** The same where the policies of the other pods agree: what really goes through. */
  readonly both: Reach;
  /** The rules of the exposed pod's policies that admit these, or may. */
  readonly rules: readonly RuleRef[];
};

/** The exposure of one pod in one direction; undefined when no such pod was evaluated. */
export function exposure(
  cluster: Cluster,
  pod: PodRef,
  direction: Direction,
): Exposure | undefined {
  const found = cluster.find(pod);
  if (found === undefined) return undefined;
  const { podClass } = found;
  const { policies, unread } = podClass[direction];
  const isolated = policies.length > 0;
  const open = { ports: everyPort, perhaps: emptyPorts, missing: [], rules: [] };
  const isOpen = !isolated && unread.length === 0;
  return {
    pod: { namespace: pod.namespace, name: pod.name },
    direction,
    isolated,
    isolatedBy: policies,
    ...grantsOf(podClass, direction),
    ...(isOpen ? { everyone: open } : {}),
    known: knownPods(cluster, podClass, pod, direction),
    doubts: isolated && podClass.hostNetwork ? ["host-network"] : [],
    notEvaluated: unread,
  };
}

function knownPods(
  cluster: Cluster,
  podClass: PodClass,
  self: PodRef,
  direction: Direction,
): readonly KnownPods[] {
  const reaches = createReaches();
  const rows = createRows(cluster, reaches);
  const own = rows.own(podClass, direction);
  const others = rows.others(podClass, direction === "ingress" ? "egress" : "ingress");
  return cluster.classes.flatMap((peers, at) => {
    const id = own[at] ?? nothing;
    const pods = peers.pods
      .map(({ pod: { namespace, name } }) => ({ namespace, name }))
      .filter(({ namespace, name }) => namespace !== self.namespace || name !== self.name);
    if (id === nothing || pods.length === 0) return [];
    const both = reaches.get(reaches.intersection(id, others[at] ?? nothing));
    return { pods, reach: reaches.get(id), both, rules: rulesFor(podClass, direction, peers) };
  });
}

function rulesFor(podClass: PodClass, direction: Direction, peers: PodClass): readonly RuleRef[] {
  const { portNames } = direction === "ingress" ? podClass : peers;
  return podClass[direction].rules
    .filter(({ certain, perhaps }) => hasBit(certain, peers.index) || hasBit(perhaps, peers.index))
    .filter(({ rule: { ports } }) => opensAny(ports, portNames))
    .map(({ rule: { policy, path } }) => ({ policy, path }));
}

/** Only a name can be a port that a pod does not have. */
function opensAny(ports: PortSet, names: PortNames): boolean {
  return namesOf(ports).length === 0 || !hasNoPort(resolve(ports, names).perhaps);
}
