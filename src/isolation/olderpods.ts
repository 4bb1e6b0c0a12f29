import type { ObjectMeta } from "../api/meta.ts";
import { createdMs } from "./created.ts";
import { revision } from "./revision.ts";

/** The deny-all that pods are compared with. */
export type Isolated = {
  readonly denyAll: ObjectMeta;
  /** Its first revision, where it is known. */
  readonly born?: bigint;
};

/** Which pods were there before the deny-all, and of which nobody can tell. */
export type OlderPods = {
  readonly older: readonly string[];
  readonly undecided: readonly string[];
};

/**
 * Timestamps are whole seconds, and a pod has its own shortly before the gate decides on it. So
 * two seconds apart is older; less is not told by them. But what was last written before the
 * deny-all was created, was there before it.
 */
const tellingMs = 2000;

/** Compares the pods of a namespace with its deny-all. */
export function judgePods(pods: readonly ObjectMeta[], { denyAll, born }: Isolated): OlderPods {
  const older: string[] = [];
  const undecided: string[] = [];
  const isolatedMs = createdMs(denyAll);
  for (const pod of pods) {
    const name = pod.name ?? "";
    const sinceMs = createdMs(pod);
    if (sinceMs === undefined || isolatedMs === undefined) {
      undecided.push(name);
      continue;
    }
    if (sinceMs > isolatedMs) continue;
    const at = revision({ metadata: pod });
    const isBefore = born !== undefined && at > 0n && at < born;
    if (isBefore || isolatedMs - sinceMs >= tellingMs) older.push(name);
    else undecided.push(name);
  }
  return { older, undecided };
}
