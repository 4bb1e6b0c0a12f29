/** The object that an Event is about. The Event is kept in its namespace. */
export type Regarding = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid?: string;
};

/** What happened. Of one object and reason there is one Event, whose repetitions are counted. */
export type EventNote = {
  readonly regarding: Regarding;
  readonly type: "Normal" | "Warning";
  /** In CamelCase, for programs. */
  readonly reason: string;
  /** What the reporter did about it, in CamelCase. */
  readonly action: string;
  /** For people; the API server takes a kilobyte. */
  readonly note: string;
  /** Keeps apart what has the same object and reason. */
  readonly distinct?: string;
};

type Occurrences = {
  readonly note: EventNote;
  readonly name: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly count: number;
};

const noteBytesAtMost = 1024;

/** An `events.k8s.io/v1` Event on the wire. */
export function eventObject(
  occurrences: Occurrences,
  reporter: { readonly controller: string; readonly instance: string },
): object {
  const { note, name, firstAt, count } = occurrences;
  const { regarding, type, reason, action } = note;
  return {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name, namespace: regarding.namespace },
    eventTime: microTime(firstAt),
    reportingController: reporter.controller,
    reportingInstance: reporter.instance.slice(0, 128),
    type,
    reason,
    action,
    note: bounded(note.note),
    regarding,
    ...(count > 1 ? { series: seriesOf(occurrences) } : {}),
  };
}

/** How often it has happened by now. */
export function seriesOf({ count, lastAt }: Pick<Occurrences, "count" | "lastAt">): object {
  return { count, lastObservedTime: microTime(lastAt) };
}

/** Cut between characters. */
function bounded(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= noteBytesAtMost) return text;
  return bytes
    .subarray(0, noteBytesAtMost)
    .toString("utf8")
    .replace(/\uFFFD$/, "");
}

/** Kubernetes' MicroTime has six digits where JavaScript has three. */
function microTime(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}
