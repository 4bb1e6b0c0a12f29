import type { AdmissionRequest } from "../api/admission.ts";
import { isExcluded, type Exclusion } from "../api/excluded.ts";
import { lookup } from "../api/meta.ts";
import { defaultDenyLabel, defaultDenyPolicy, systemNamespace } from "../api/names.ts";
import { boundAnnotations } from "./annotations.ts";
import { readNamespaceLabels } from "./namespacelabels.ts";
import type {
  AdmissionHandler,
  Clock,
  DecisionRecorder,
  DefaultDenyReader,
  DefaultDenyWaiter,
  NamespaceGetter,
} from "./ports.ts";
import { allowed, malformed, retryLater } from "./responses.ts";
import { answerOutside, type Scope } from "./scope.ts";
import { position, recordVerdicts, type Verdict } from "./verdict.ts";

const scope: Scope = {
  webhook: "gate",
  resource: "pods",
  kind: { group: "", version: "v1", kind: "Pod" },
  operations: ["CREATE"],
  subresources: false,
};

/** How long the live read at the deadline may take; it must end before the API server gives up. */
const liveReadMilliseconds = 150;

export type GateDeps = {
  readonly namespaces: NamespaceGetter;
  readonly waiter: DefaultDenyWaiter;
  readonly reader: DefaultDenyReader;
  readonly exclusion: Exclusion;
  /** How far the API server's own caches may be behind our watch; 50 when absent. */
  readonly settleMilliseconds?: number;
  /** How many pods may wait at once; those beyond go straight to the CEL gate. 400 when absent. */
  readonly maxWaiting?: number;
  readonly recorder: DecisionRecorder;
  readonly clock: Clock;
};

/**
 * Holds a pod until the deny-all of its new namespace exists. A courtesy: the CEL gate behind it
 * refuses what comes too early, so in doubt the answer is to let that gate decide.
 */
export function createGate(deps: GateDeps): AdmissionHandler {
  const { maxWaiting = 400 } = deps;
  let waiting = 0;
  return recordVerdicts(
    "gate",
    async (request, signal) => {
      const early = await answerAtOnce(request, deps, signal);
      if (early) return early;
      if (waiting >= maxWaiting) {
        const annotations = boundAnnotations({ gate: "not held: too many pods are waiting" });
        return { response: allowed(request.uid, { annotations }), because: "gate-full" };
      }
      waiting += 1;
      try {
        return await hold(request, deps, signal);
      } finally {
        waiting -= 1;
      }
    },
    deps,
  );
}

async function answerAtOnce(
  request: AdmissionRequest,
  { exclusion, namespaces }: GateDeps,
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  const outside = answerOutside(request, scope);
  if (outside) return outside;
  const { namespace } = position(request);
  if (namespace === "") {
    return {
      response: malformed(request.uid, "The request has no namespace."),
      because: "incomplete",
    };
  }
  if (isExcluded(exclusion, namespace)) {
    return { response: allowed(request.uid), because: "excluded" };
  }
  const read = await readNamespaceLabels(namespaces, namespace, signal);
  // Where the labels are unknown the API server still matched `pending`: wait.
  if ("labels" in read && lookup(read.labels, defaultDenyLabel) !== "enabled") {
    return { response: allowed(request.uid), because: "not-isolated" };
  }
  return undefined;
}

async function hold(
  request: AdmissionRequest,
  { waiter, reader, clock, settleMilliseconds = 50 }: GateDeps,
  signal: AbortSignal,
): Promise<Verdict> {
  const { uid } = request;
  const { namespace } = position(request);
  let seen = false;
  try {
    const { seenAt } = await waiter.wait(namespace, signal);
    seen = true;
    const rest = seenAt + settleMilliseconds - clock.now();
    if (rest > 0) await clock.sleep(rest, signal);
    return { response: allowed(uid), because: "isolated" };
  } catch (error) {
    if (seen && signal.aborted) return { response: allowed(uid), because: "isolated" };
    const found = await readLive(namespace, reader, clock);
    const details = signal.aborted ? {} : { error };
    if (found === true) return { response: allowed(uid), because: "isolated", ...details };
    if (found === false) {
      const response = retryLater(uid, notYet(namespace));
      return { response, because: "not-yet-isolated", ...details };
    }
    const annotations = boundAnnotations({ gate: "not known whether the deny-all exists" });
    const response = allowed(uid, { annotations });
    return { response, because: "isolation-unknown", error: found.error };
  }
}

/** Whether the deny-all is there, or why nobody knows. The signal of the request is spent by now. */
async function readLive(
  namespace: string,
  reader: DefaultDenyReader,
  clock: Clock,
): Promise<boolean | { readonly error: unknown }> {
  const limit = new AbortController();
  const tooSlow = async (): Promise<{ readonly error: unknown }> => {
    await clock.sleep(liveReadMilliseconds, limit.signal);
    return { error: new Error(`no answer within ${liveReadMilliseconds} ms`) };
  };
  try {
    return await Promise.race([reader.isIsolated(namespace, limit.signal), tooSlow()]);
  } catch (error) {
    return { error };
  } finally {
    limit.abort();
  }
}

function notYet(namespace: string): string {
  return (
    `namespace ${JSON.stringify(namespace)} is still being isolated: its NetworkPolicy ${defaultDenyPolicy} does not exist yet, and no pod may start before it. ` +
    `Nothing is wrong with this pod: try again in a few seconds. ` +
    `If this lasts, check the Ringfence controller: kubectl --namespace ${systemNamespace} get pods`
  );
}
