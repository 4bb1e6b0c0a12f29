import { defaultDenyPolicy } from "../api/names.ts";
import type { IsolationEvent, Reporter } from "../isolation/ports.ts";
import type { EventNote } from "../kube/eventobject.ts";

export type EventReporterDeps = {
  readonly send: (note: EventNote) => void;
  /** The uid of a namespace, as far as it is known. */
  readonly uidOf: (namespace: string) => string | undefined;
  readonly ownNamespace: string;
};

type Told = Omit<EventNote, "regarding">;

/**
 * Tells the people of a namespace what happened to it, by Kubernetes Events there. What happens to
 * every new namespace is not worth one; the log has it.
 */
export function createEventReporter(deps: EventReporterDeps): Reporter {
  function tell(namespace: string, told: Told): void {
    const uid = deps.uidOf(namespace);
    const regarding = { apiVersion: "v1", kind: "Namespace", name: namespace, namespace };
    deps.send({ ...told, regarding: { ...regarding, ...(uid ? { uid } : {}) } });
  }
  return {
    report: (event) => {
      const told = describe(event);
      if (told) tell("namespace" in event ? event.namespace : deps.ownNamespace, told);
    },
  };
}

function describe(event: IsolationEvent): Told | undefined {
  const { kind } = event;
  if (kind === "policy-applied") {
    return event.repair ? describeRepair(event) : describeCreation(event.origin);
  }
  if (kind === "labelled") return describeUnmarked(event.unmarkedSeconds);
  if (kind === "contended") return describeContention(event.changedBy);
  if (kind === "older-pods") return describeOlderPods(event);
  if (kind === "backfill") return describeBackfill(event);
  return undefined;
}

function describeUnmarked(seconds: number | undefined): Told | undefined {
  if (seconds === undefined) return undefined;
  return {
    type: "Warning",
    reason: "NamespaceUnmarked",
    action: "Mark",
    note: `The namespace was without the mark for ${seconds} s: neither the API server nor the webhook of Ringfence had marked it when it was created. It is isolated now; pods that were started before ran without isolation.`,
  };
}

function describeContention(rivals: readonly string[] | undefined): Told {
  return {
    type: "Warning",
    reason: "DefaultDenyContended",
    action: "Wait",
    note: `Somebody keeps undoing what Ringfence writes to ${defaultDenyPolicy} or to the labels of the namespace${by(rivals)}. Ringfence writes again after a pause, which grows to a minute.`,
  };
}

function describeCreation(origin: string | undefined): Told | undefined {
  if (origin !== "existing" && origin !== "opted-in") return undefined;
  const why =
    origin === "existing"
      ? "The configuration isolates existing namespaces"
      : "The label ringfence.dev/default-deny asks for it";
  return {
    type: "Normal",
    reason: "DefaultDenyCreated",
    action: "Isolate",
    note: `${why}: the NetworkPolicy ${defaultDenyPolicy} now denies all traffic that no other NetworkPolicy allows.`,
  };
}

const wrong = {
  missing: "was deleted",
  opened: "did not deny all traffic any more",
  unmanaged: "was not Ringfence's",
} as const;

function describeRepair(event: Extract<IsolationEvent, { kind: "policy-applied" }>): Told {
  const who = event.reason === "missing" ? "" : by(event.changedBy);
  return {
    type: "Warning",
    reason: "DefaultDenyRepaired",
    action: "Repair",
    note: `The NetworkPolicy ${defaultDenyPolicy} ${wrong[event.reason]}${who} and was put right.`,
  };
}

/** Programs name themselves, so this is a hint and no proof. */
function by(rivals: readonly string[] | undefined): string {
  if (!rivals) return "";
  return ` (field managers beside Ringfence: ${rivals.map((name) => name.slice(0, 64)).join(", ")})`;
}

function describeOlderPods(event: Extract<IsolationEvent, { kind: "older-pods" }>): Told {
  const { count, pods, origin } = event;
  const further = count > pods.length ? ` and ${count - pods.length} more` : "";
  const promise =
    origin === "marked"
      ? "although the namespace was marked from its beginning, so that none should have been admitted"
      : "because the namespace had not been marked when it was created";
  // Names may have 253 characters, and the whole note a thousand.
  const names = pods.map((name) => (name.length > 60 ? `${name.slice(0, 59)}…` : name)).join(", ");
  return {
    type: "Warning",
    reason: "PodOlderThanDefaultDeny",
    action: "Report",
    note: `Pods are older than ${defaultDenyPolicy}, ${promise}; they are isolated now: ${names}${further}.`,
  };
}

const phases = {
  started: ["BackfillStarted", "Ringfence begins to isolate existing namespaces"],
  progress: ["BackfillProgress", "Ringfence goes on isolating existing namespaces"],
  completed: ["BackfillCompleted", "Ringfence has isolated the existing namespaces"],
} as const;

function describeBackfill(event: Extract<IsolationEvent, { kind: "backfill" }>): Told {
  const { phase, done, total } = event;
  const [reason, what] = phases[phase];
  const told = { type: "Normal", reason, action: "Backfill" } as const;
  return { ...told, note: `${what}: ${done} of ${total}.`, distinct: `${done}/${total}` };
}
