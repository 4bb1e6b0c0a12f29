import type { AdmissionRequest, AdmissionResponse } from "../api/admission.ts";
import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";

/**
 * One webhook. An aborted signal means "decide now, with what you have", not "give up": a handler
 * always answers. Only a defect throws.
 */
export type AdmissionHandler = (
  request: AdmissionRequest,
  signal: AbortSignal,
) => Promise<AdmissionResponse>;

/** The webhooks by the last part of their path, `/v1/validate` and so on. */
export type Handlers = {
  readonly validate: AdmissionHandler;
  readonly mutate: AdmissionHandler;
  readonly gate: AdmissionHandler;
  /** Only informs: its signal aborts at half of the deadline, and no failure of it is a refusal. */
  readonly namespaces: AdmissionHandler;
};

export type Webhook = keyof Handlers;

/** Reads a namespace: the cache first, then the API server once. Undefined: it does not exist. */
export type NamespaceGetter = {
  get(name: string, signal: AbortSignal): Promise<Namespace | undefined>;
};

/** Lists the NetworkPolicies of a namespace: from the watch once it is synced, else from the API server. */
export type NetworkPolicyLister = {
  list(namespace: string, signal: AbortSignal): Promise<readonly NetworkPolicy[]>;
};

/** Knows, from a watch, which namespaces have a deny-all that isolates every pod. */
export type DefaultDenyWaiter = {
  /**
   * Resolves as soon as the deny-all of the namespace is in the watch cache, with the instant of
   * `Clock.now` when it came (0: long ago). Rejects when aborted.
   */
  wait(namespace: string, signal: AbortSignal): Promise<{ readonly seenAt: number }>;
};

/** Reads the deny-all of a namespace from the API server, past every cache. */
export type DefaultDenyReader = {
  isIsolated(namespace: string, signal: AbortSignal): Promise<boolean>;
};

/** Milliseconds that only ever grow, and a pause that rejects when aborted. */
export type Clock = {
  now(): number;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
};

/** Keeps what was decided: a log line, a metric. Must neither throw nor wait. */
export type DecisionRecorder = { record(decision: Decision): void };

/** Why a review was answered as it was; a closed set, safe as a metric label. */
export type Because =
  | "judged"
  | "exempt"
  | "excluded"
  | "unrelated"
  | "misdirected"
  | "incomplete"
  | "marked"
  | "previewed"
  | "not-previewed"
  | "nothing-to-preview"
  | "not-isolated"
  | "isolated"
  | "not-yet-isolated"
  | "isolation-unknown"
  | "gate-full"
  | "late"
  | "failed";

/** One answered review. */
export type Decision = {
  readonly webhook: Webhook;
  readonly uid: string;
  readonly operation: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: string;
  readonly dryRun: boolean;
  readonly decision: "allow" | "deny";
  readonly because: Because;
  /** Level and version that enforce used, e.g. `baseline:v1`. */
  readonly enforced?: string;
  /** Ids of the rules that said no, per mode; enforce's are the reason of a denial. */
  readonly rules?: {
    readonly enforce: readonly string[];
    readonly audit: readonly string[];
    readonly warn: readonly string[];
  };
  readonly patched: boolean;
  /** From the start of the use case to its decision. */
  readonly milliseconds: number;
  /** What went wrong on the way although there is a decision: an unreachable API server, a defect. */
  readonly error?: unknown;
};
