import { lookup } from "../api/meta.ts";
import { isolationLabel } from "../api/names.ts";
import type { Namespace } from "../api/namespace.ts";
import { desiredPolicy } from "./desired.ts";
import { pauseMs } from "./effort.ts";
import type { Memory } from "./memory.ts";
import { type Plan, planIsolation, readyLabels, type Situation } from "./plan.ts";
import type { Clock, Reporter, Writer, Written } from "./ports.ts";
import type { IsolationSettings } from "./scope.ts";

export type ReconcileDeps = {
  readonly memory: Memory;
  readonly writer: Writer;
  readonly reporter: Reporter;
  readonly clock: Clock;
  readonly settings: () => IsolationSettings;
};

/** Done; with `againMs`, to be looked at once more after that time. */
export type Outcome = { readonly againMs?: number };

type Write = Exclude<Plan, { step: "nothing" }>;

/** Policy, labels, and a last look that finds nothing more to do. */
const stepsAtMost = 3;
const conflictMs = 100;
const unsettledMs = 1000;

/** Brings one namespace to its desired state, as far as possible now. Failures are thrown. */
export async function reconcile(
  name: string,
  deps: ReconcileDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  const { memory, clock, reporter } = deps;
  for (let step = 0; step < stepsAtMost; step++) {
    const situation = observe(name, deps);
    const plan = planIsolation(situation, deps.settings());
    const { namespace } = situation;
    if (plan.step === "nothing" || !namespace) return lookAgain(name, deps);

    const uid = namespace.metadata.uid ?? "";
    const retryInMs = pauseMs(memory.effort(uid), clock.now());
    if (retryInMs > 0) {
      if (memory.isNews(uid)) reporter.report({ kind: "contended", namespace: name, retryInMs });
      return { againMs: retryInMs };
    }
    const outcome = await act(plan, namespace, deps, signal);
    // In both cases an event follows, if there is anything left to do.
    if (outcome === "terminating" || outcome === "gone") return {};
    memory.spent(uid, clock.now());
    if (outcome === "conflict") return { againMs: conflictMs };
    report(plan, situation, namespace, reporter);
  }
  // Somebody changes what we write before it is stored, for example another webhook.
  return { againMs: unsettledMs };
}

/** Once more, while this rests on answers that the watch has not confirmed. */
function lookAgain(name: string, { memory, clock }: ReconcileDeps): Outcome {
  const againMs = memory.believedForMs(name, clock.now());
  return againMs > 0 ? { againMs } : {};
}

function observe(name: string, { memory, clock, settings }: ReconcileDeps): Situation {
  const now = clock.now();
  const namespace = memory.namespace(name, now);
  return {
    namespace,
    managed: memory.managed(name, now),
    fallback: memory.appeared(namespace?.metadata.uid ?? "") ?? settings().existingNamespaces,
  };
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
  { managed }: Situation,
  { metadata }: Namespace,
  reporter: Reporter,
): void {
  const namespace = metadata.name ?? "";
  if (plan.step === "apply-policy") {
    const repair = managed !== undefined || lookup(metadata.labels, isolationLabel) === "ready";
    reporter.report({ kind: "policy-applied", namespace, reason: plan.reason, repair });
  } else if (plan.step === "apply-labels") {
    reporter.report({ kind: "labelled", namespace, reason: plan.reason });
  } else {
    reporter.report({ kind: "released", namespace });
  }
}
