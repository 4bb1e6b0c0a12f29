import { allowDNSPolicy, defaultDenyPolicy } from "../../api/names.ts";
import type { NetworkPolicy } from "../../api/networkpolicy.ts";
import { type Effort, pauseMs, spend } from "../effort.ts";
import type { Freshest } from "../freshest.ts";
import type { Clock, NamespaceSource, PolicySource, Writer } from "../ports.ts";
import type { Outcome } from "../reconcile.ts";
import type { Allowance } from "./allowance.ts";
import { desiredCompanion } from "./companion.ts";
import { type CompanionSituation, planCompanion } from "./plan.ts";
import type { CompanionReporter, CompanionSettings } from "./ports.ts";

export type CompanionReconcileDeps = {
  readonly namespaces: Pick<NamespaceSource, "get">;
  readonly denyAlls: Pick<PolicySource, "get">;
  readonly companions: Pick<PolicySource, "get">;
  readonly writer: Pick<Writer, "applyPolicy">;
  readonly reporter: CompanionReporter;
  readonly clock: Clock;
  readonly settings: () => CompanionSettings;
  readonly allowance: () => Allowance;
  /** Answers that the watch has not told yet. */
  readonly freshest: Freshest<NetworkPolicy>;
  /** By uid of the namespace: recent writes. */
  readonly efforts: Map<string, Effort>;
};

const conflictMs = 100;

/** Brings the companion of one namespace to its desired state. Failures are thrown. */
export async function reconcileCompanion(
  name: string,
  deps: CompanionReconcileDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  const { clock, reporter, freshest, efforts } = deps;
  const situation = observeCompanion(name, deps);
  const plan = planCompanion(situation, deps.allowance(), deps.settings());
  if (plan.step === "nothing") return lookAgain(name, deps);

  const uid = situation.namespace?.metadata.uid ?? "";
  const effort = efforts.get(uid);
  const retryInMs = pauseMs(effort, clock.now());
  if (retryInMs > 0) {
    if (effort && !effort.reported) {
      efforts.set(uid, { ...effort, reported: true });
      reporter.report({ kind: "companion-contended", namespace: name, retryInMs });
    }
    return { againMs: retryInMs };
  }
  let answer: NetworkPolicy | undefined;
  freshest.begin(companionKey(name));
  try {
    const written = await deps.writer.applyPolicy(desiredCompanion(name, plan.egress), signal);
    // An event follows, if there is anything left to do.
    if (written.outcome === "terminating" || written.outcome === "gone") return {};
    efforts.set(uid, spend(efforts.get(uid), clock.now()));
    if (written.outcome !== "written") return { againMs: conflictMs };
    answer = written.object;
  } finally {
    freshest.end(companionKey(name), answer, clock.now());
  }
  reporter.report({ kind: "companion-applied", namespace: name, reason: plan.reason });
  return lookAgain(name, deps);
}

/** One namespace as the watches and our own last writes tell it. */
export function observeCompanion(
  name: string,
  deps: Pick<
    CompanionReconcileDeps,
    "namespaces" | "denyAlls" | "companions" | "freshest" | "clock"
  >,
): CompanionSituation {
  const key = companionKey(name);
  return {
    namespace: deps.namespaces.get(name),
    denyAll: deps.denyAlls.get(`${name}/${defaultDenyPolicy}`),
    companion: deps.freshest.pick(key, deps.companions.get(key), deps.clock.now()),
  };
}

/** Once more, while this rests on an answer that the watch has not confirmed. */
function lookAgain(name: string, { freshest, clock }: CompanionReconcileDeps): Outcome {
  const againMs = freshest.believedForMs(companionKey(name), clock.now());
  return againMs > 0 ? { againMs } : {};
}

function companionKey(namespace: string): string {
  return `${namespace}/${allowDNSPolicy}`;
}
