import type { Namespace } from "../api/namespace.ts";
import { originOf, type Situation } from "./plan.ts";
import type { IsolationEvent, LabelReason } from "./ports.ts";
import { rivalsOf } from "./rivals.ts";

/** What is told of one write, or of one that waits. */
export const describe = {
  applied(
    reason: "missing" | "opened" | "unmanaged",
    isReady: boolean,
    { managed, isNew }: Situation,
    namespace: Namespace,
    afterMs: number,
  ): IsolationEvent {
    const repair = managed !== undefined || isReady;
    const origin = originOf(namespace, isNew);
    const isFirst = !repair && (origin === "marked" || origin === "unmarked");
    const rivals = rivalsOf(managed);
    return {
      kind: "policy-applied",
      namespace: namespace.metadata.name ?? "",
      reason,
      repair,
      ...(repair ? {} : { origin }),
      ...(rivals.length > 0 ? { changedBy: rivals } : {}),
      ...(isFirst ? { afterMs: Math.round(afterMs) } : {}),
    };
  },

  labelled(namespace: string, reason: LabelReason, ageMs: number): IsolationEvent {
    const age = reason === "unmarked" ? { unmarkedSeconds: Math.round(ageMs / 1000) } : {};
    return { kind: "labelled", namespace, reason, ...age };
  },

  contended(namespace: string, retryInMs: number, { managed }: Situation): IsolationEvent {
    const rivals = rivalsOf(managed);
    const changedBy = rivals.length > 0 ? { changedBy: rivals } : {};
    return { kind: "contended", namespace, retryInMs: Math.round(retryInMs), ...changedBy };
  },
};
