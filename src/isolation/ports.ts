import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { ObjectMeta } from "../api/meta.ts";
import type { DefaultDeny } from "../api/names.ts";

/** One change of a watched object. Another uid under the same key is a deletion and an addition. */
export type Change<T> = {
  readonly type: "added" | "modified" | "deleted";
  /** Namespaces: the name. NetworkPolicies: `namespace/name`. */
  readonly key: string;
  readonly object: T;
  readonly previous?: T;
  /** True when the object was there at the first list. */
  readonly initial: boolean;
};

/** A watched collection; `start` is called only when it is synced. */
export type Source<T> = {
  get(key: string): T | undefined;
  list(): Iterable<T>;
  /** Calls the listener for each later change; the result ends it. */
  subscribe(listener: (change: Change<T>) => void): () => void;
};

export type NamespaceSource = Source<Namespace>;

/** Only policies named `ringfence-default-deny` need to be in it; others are not looked at. */
export type PolicySource = Source<NetworkPolicy>;

/**
 * What became of a write. `terminating`: the namespace is being deleted (cause
 * `NamespaceTerminating`). `gone`: 404. `conflict`: 409, another uid or resourceVersion than ours.
 * Everything else is thrown; the error may carry `retryAfterSeconds`.
 */
export type Written<T> =
  | { readonly outcome: "written"; readonly object: T }
  | { readonly outcome: "terminating" | "gone" | "conflict" };

export type Writer = {
  /** Server-side apply, forced, field manager `ringfence`; answers what is stored now. */
  applyPolicy(policy: NetworkPolicy, signal: AbortSignal): Promise<Written<NetworkPolicy>>;
  /**
   * Server-side apply of exactly these labels, forced, field manager `ringfence`. The uid and the
   * resourceVersion must be sent along: without the uid an apply would re-create a namespace that
   * was deleted meanwhile, without the version it could overwrite a label set a moment ago.
   */
  applyLabels(
    namespace: Version,
    labels: { readonly [key: string]: string },
    signal: AbortSignal,
  ): Promise<Written<Namespace>>;
  /** Merge patch that sets the isolation label to null, with uid and resourceVersion as above. */
  removeIsolationLabel(namespace: Version, signal: AbortSignal): Promise<Written<Namespace>>;
};

/** Exactly one state of one namespace. */
export type Version = {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
};

export type Reporter = { report(event: IsolationEvent): void };

/**
 * Why a namespace receives its deny-all. `marked`: pending since its creation, so that no pod was
 * to run before. `unmarked`: new as well, but neither the API server nor the webhook had marked it.
 * `opted-in`: by its label, some time after its creation. `existing`: by the backfill.
 */
export type Origin = "marked" | "unmarked" | "opted-in" | "existing";

/** What happened, for logs, metrics and Kubernetes Events. */
export type IsolationEvent =
  | {
      readonly kind: "policy-applied";
      readonly namespace: string;
      readonly reason: "missing" | "opened" | "unmanaged";
      /** True when it had been there before. */
      readonly repair: boolean;
      /** Not for repairs. */
      readonly origin?: Origin;
      /** Field managers beside Ringfence that had a part in what was put right, if any. */
      readonly changedBy?: readonly string[];
      /** Since a new namespace was created, or was seen where we watched; not for repairs. */
      readonly afterMs?: number;
    }
  | {
      readonly kind: "labelled";
      readonly namespace: string;
      readonly reason: LabelReason;
      /** How long a new namespace was without its mark; whole seconds. */
      readonly unmarkedSeconds?: number;
    }
  | { readonly kind: "released"; readonly namespace: string }
  /** A rival keeps undoing what we write; the next write waits. Once per pause. */
  | {
      readonly kind: "contended";
      readonly namespace: string;
      readonly retryInMs: number;
      readonly changedBy?: readonly string[];
    }
  | {
      readonly kind: "failed";
      readonly namespace: string;
      readonly error: unknown;
      readonly failures: number;
      readonly retryInMs: number;
    }
  | {
      readonly kind: "existing-namespaces";
      readonly setting: DefaultDeny;
      /** Namespaces in scope without a label, as of now. */
      readonly unlabelled: number;
    }
  | ({ readonly kind: "backfill"; readonly phase: "started" | "progress" | "completed" } & Progress)
  /** Pods of a new namespace are older than its deny-all: for a while nothing isolated them. */
  | {
      readonly kind: "older-pods";
      readonly namespace: string;
      readonly origin: Origin;
      readonly count: number;
      /** The first few, by name. */
      readonly pods: readonly string[];
    }
  | { readonly kind: "pods-unchecked"; readonly namespace: string; readonly error: unknown };

/** Why labels were written. `unmarked` and `existing`: there was none that said so. */
export type LabelReason = "pending" | "unmarked" | "existing" | "unreadable";

/** How far the backfill has come, in namespaces. */
export type Progress = { readonly total: number; readonly done: number };

/** How one look at a namespace ended. */
export type Result =
  | "unchanged"
  | "written"
  /** There is something to write, but not yet: the namespace is contended. */
  | "withheld"
  /** Somebody wrote at the same time. */
  | "conflict"
  /** What was written is not what was stored. */
  | "unsettled"
  /** The namespace is gone, or going. */
  | "ended"
  | "failed";

/** Counts what is too frequent, or too quiet, for a report of its own. */
export type Meter = {
  reconciled(result: Result, milliseconds: number): void;
  checkedPods(
    outcome: "clean" | "older" | "undecided" | "failed",
    origin: Origin,
    pods: number,
  ): void;
};

/** The pods of one namespace that are not over yet. */
export type PodLister = {
  /** Their metadata; of very many only the first. */
  list(namespace: string, signal: AbortSignal): Promise<readonly ObjectMeta[]>;
};

/** Time, so that tests can turn it. */
export type Clock = {
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** Resolves after `ms`; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};
