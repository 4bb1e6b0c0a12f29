import { expect } from "vitest";
import type { AdmissionRequest, AdmissionResponse } from "../../src/api/admission.ts";
import type { Labels } from "../../src/api/meta.ts";
import type {
  AdmissionHandler,
  Clock,
  Decision,
  DecisionRecorder,
  NamespaceGetter,
  Webhook,
} from "../../src/admission/ports.ts";
import { judgeResponse } from "../contract/judge.ts";

/** A recorder that keeps what it is told. */
export function keepDecisions(): DecisionRecorder & { readonly decisions: Decision[] } {
  const decisions: Decision[] = [];
  return { decisions, record: (decision) => void decisions.push(decision) };
}

/** A clock on which a pause takes no time but is counted. */
export function countingClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  let now = 1_000;
  return {
    slept,
    now: () => now,
    async sleep(milliseconds, signal) {
      signal.throwIfAborted();
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
}

/** Namespaces by name, and no others. */
export function namespacesOf(labels: { readonly [name: string]: Labels }): NamespaceGetter {
  return {
    async get(name) {
      const own = labels[name];
      return own === undefined ? undefined : { metadata: { name, labels: own } };
    },
  };
}

/** What a handler answers, after the judge has accepted it. */
export async function answer(
  webhook: Webhook,
  handler: AdmissionHandler,
  request: AdmissionRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<AdmissionResponse> {
  const response = await handler(request, signal);
  const { uid, object = null } = request;
  expect(judgeResponse({ webhook, uid, object }, response)).toEqual([]);
  return response;
}
