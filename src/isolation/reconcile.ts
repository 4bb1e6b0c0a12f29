import { lookup } from "../api/meta.ts";
import { isolationLabel } from "../api/names.ts";
import type { Namespace } from "../api/namespace.ts";
import { createdMs } from "./created.ts";
import { desiredPolicy } from "./desired.ts";
import { pauseMs } from "./effort.ts";
import type { Memory } from "./memory.ts";
import { originOf, type Plan, planIsolation, readyLabels, type Situation } from "./plan.ts";
import type { PodCheck } from "./podcheck.ts";
import type { Clock, Reporter, Result, Writer, Written } from "./ports.ts";
import { describe } from "./report.ts";
import { revision } from "./revision.ts";
import type { IsolationSettings } from "./scope.ts";

export type ReconcileDeps = {
  readonly memory: Memory;
  readonly writer: Writer;
  readonly reporter: Reporter;
  readonly podCheck: Pick<PodCheck, "ask">;
  readonly clock: Clock;
  /** The time of day, as the API server writes it into objects. */
  readonly date: () => Date;
  readonly settings: () => IsolationSettings;
  /** Namespaces created later are new ones, whoever watched; in milliseconds since 1970. */
  readonly enabledSince: () => number | undefined;
};

type ObserveDeps = Pick<ReconcileDeps, "memory" | "clock" | "settings" | "enabledSince">;

/** Done; with `againMs`, to be looked at once more after that time. */
export type Outcome = { readonly againMs?: number };

type Reconciled = Outcome & { readonly result: Result };

type Write = Exclude<Plan, { step: "nothing" }>;

/** The policy and the labels; then a last look finds nothing more to do. */
export const writesAtMost = 2;
const conflictMs = 100;
const unsettledMs = 1000;

/** Brings one namespace to its desired state, as far as possible now. Failures are thrown. */
export async function reconcile(
  name: string,
  deps: ReconcileDeps,
  signal: AbortSignal,
): Promise<Reconciled> {
  const { memory, clock, reporter } = deps;
  let born: bigint | undefined;
  for (let step = 0; step <= writesAtMost; step++) {
    const situation = observe(name, deps);
    const plan = planIsolation(situation, deps.settings());
    const { namespace } = situation;
    if (plan.step === "nothing" || !namespace) {
      return { ...lookAgain(name, deps), result: step === 0 ? "unchanged" : "written" };
    }
    // Somebody changes what we write before it is stored, for example another webhook.
    if (step === writesAtMost) break;
    const uid = namespace.metadata.uid ?? "";
    const retryInMs = pauseMs(memory.effort(uid), clock.now());
    if (retryInMs > 0) {
      if (memory.isNews(uid)) reporter.report(describe.contended(name, retryInMs, situation));
      return { againMs: retryInMs, result: "withheld" };
    }
    // Before the labels: whoever comes after us would not know any more that it was pending.
    if (plan.step === "apply-labels") askForPods(situation, namespace, born, deps);
    const outcome = await act(plan, namespace, deps, signal);
    // In both cases an event follows, if there is anything left to do.
    if (outcome === "terminating" || outcome === "gone") return { result: "ended" };
    memory.spent(uid, clock.now());
    if (outcome === "conflict") return { againMs: conflictMs, result: "conflict" };
    if (plan.step === "apply-policy" && plan.reason === "missing") {
      born = revision(memory.managed(name, clock.now()));
    }
    report(plan, situation, namespace, deps);
  }
  return { againMs: unsettledMs, result: "unsettled" };
}

/** True when there is something to write, as far as is known now. */
export function isOpen(name: string, deps: ObserveDeps): boolean {
  return planIsolation(observe(name, deps), deps.settings()).step !== "nothing";
}

/** Once more, while this rests on answers that the watch has not confirmed. */
function lookAgain(name: string, { memory, clock }: ReconcileDeps): Outcome {
  const againMs = memory.believedForMs(name, clock.now());
  return againMs > 0 ? { againMs } : {};
}

function observe(name: string, deps: ObserveDeps): Situation {
  const { memory, clock, settings, enabledSince } = deps;
  const now = clock.now();
  const namespace = memory.namespace(name, now);
  const appeared = memory.appeared(namespace?.metadata.uid ?? "");
  const isNew = appeared !== undefined || isCreatedAfter(namespace, enabledSince());
  const { newNamespaces, existingNamespaces } = settings();
  const fallback = appeared?.setting ?? (isNew ? newNamespaces : existingNamespaces);
  return { namespace, managed: memory.managed(name, now), fallback, isNew };
}

/** True of namespaces that came while new ones were to be isolated, and perhaps nobody was there. */
export function isCreatedAfter(
  namespace: Namespace | undefined,
  sinceMs: number | undefined,
): boolean {
  const at = createdMs(namespace?.metadata);
  return at !== undefined && sinceMs !== undefined && at > sinceMs;
}

/** In a namespace that was to be isolated from its beginning no pod is older than the deny-all. */
function askForPods(
  { managed, isNew }: Situation,
  namespace: Namespace,
  born: bigint | undefined,
  { podCheck }: ReconcileDeps,
): void {
  const origin = originOf(namespace, isNew);
  if (!managed?.metadata || (origin !== "marked" && origin !== "unmarked")) return;
  const isolated = { denyAll: managed.metadata, ...(born ? { born } : {}) };
  podCheck.ask(namespace.metadata.name ?? "", origin, isolated);
}

async function act(
  plan: Write,
  namespace: Namespace,
  { memory, writer, clock }: ReconcileDeps,
  signal: AbortSignal,
): Promise<Written<unknown>["outcome"]> {
  const { name = "", uid = "", resourceVersion = "" } = namespace.metadata;
  if (plan.step === "apply-policy") {
    const write = writer.applyPolicy(desiredPolicy(name), signal);
    return (await memory.writePolicy(name, write, clock.now)).outcome;
  }
  const version = { name, uid, resourceVersion };
  const write =
    plan.step === "apply-labels"
      ? writer.applyLabels(version, readyLabels, signal)
      : writer.removeIsolationLabel(version, signal);
  return (await memory.writeNamespace(name, write, clock.now)).outcome;
}

function report(
  plan: Write,
  situation: Situation,
  namespace: Namespace,
  { reporter, memory, clock, date }: ReconcileDeps,
): void {
  const { name = "", uid = "" } = namespace.metadata;
  const ageMs = Math.max(0, date().getTime() - (createdMs(namespace.metadata) ?? Infinity));
  if (plan.step === "apply-policy") {
    const { seenMs } = memory.appeared(uid) ?? {};
    const afterMs = seenMs === undefined ? ageMs : clock.now() - seenMs;
    const isReady = lookup(namespace.metadata.labels, isolationLabel) === "ready";
    reporter.report(describe.applied(plan.reason, isReady, situation, namespace, afterMs));
  } else if (plan.step === "apply-labels") {
    reporter.report(describe.labelled(name, plan.reason, ageMs));
  } else {
    reporter.report({ kind: "released", namespace: name });
  }
}
