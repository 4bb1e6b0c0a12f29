import { setTimeout as delay } from "node:timers/promises";
import { createPod } from "../support/burst.ts";
import type { RawAnswer, RawClient } from "../support/rawclient.ts";
import { type Labels, postNamespace } from "../support/rawclientnamespaces.ts";

/** What came of a namespace and its pods, asked for until they were there. */
export type Insistence = {
  readonly namespace: string;
  /** Every pod was accepted when it was asked for first. */
  readonly atFirstTry: boolean;
  /** Answers that were neither yes nor "not found", in the order in which they came. */
  readonly refusals: readonly string[];
  /** What was not accepted in time. */
  readonly missing: readonly string[];
};

export type InsistOptions = {
  readonly pods: number;
  /** Pods wait for the answer about the namespace, as those of kubectl do. */
  readonly patient?: boolean;
  readonly labels?: Labels;
  /** Where pods are asked for, when not where the namespace is. */
  readonly podClient?: RawClient;
  readonly limitMs?: number;
  /** Between two attempts. */
  readonly pauseMs?: number;
};

const answerMs = 30_000;

/** A namespace and its pods in one breath, by a user who does not give up, as a deployment does not. */
export async function insist(
  client: RawClient,
  namespace: string,
  options: InsistOptions,
  signal: AbortSignal,
): Promise<Insistence> {
  const { pods, patient = false, labels = {}, podClient = client } = options;
  const { limitMs = 60_000, pauseMs = 20 } = options;
  const end = performance.now() + limitMs;
  const refusals: string[] = [];

  /** True when it was accepted; the number of refusals before says whether at first try. */
  async function until(ask: () => Promise<RawAnswer>): Promise<boolean> {
    for (;;) {
      const answer = await within(ask());
      // Of an earlier attempt, whose answer was lost.
      if (answer === undefined || answer.status === 201 || answer.status === 409) {
        if (answer !== undefined) return true;
      } else if (!isUnknown(answer, namespace)) {
        refusals.push(`${answer.status} ${answer.message.replaceAll(namespace, "…")}`);
      }
      if (performance.now() > end) return false;
      await delay(pauseMs, undefined, { signal });
    }
  }

  const created = until(() => postNamespace(client, namespace, labels));
  if (patient) await created;
  const names = Array.from({ length: pods }, (_, index) => `web-${index}`);
  const accepted = await Promise.all(
    names.map((name) => until(() => createPod(podClient, name, namespace))),
  );
  const missing = names.filter((_, index) => !accepted[index]);
  if (!(await created)) missing.unshift("the namespace");
  return { namespace, atFirstTry: refusals.length === 0, refusals, missing };
}

/** Undefined when the connection broke or nobody answered: whether it was done is not known. */
async function within(asked: Promise<RawAnswer>): Promise<RawAnswer | undefined> {
  const late = new AbortController();
  const limit = delay(answerMs, undefined, { signal: late.signal }).catch(() => undefined);
  const answer = await Promise.race([asked.catch(() => undefined), limit]);
  late.abort();
  return answer;
}

/** An API server that has not heard of the namespace yet says nothing about Ringfence. */
function isUnknown({ message }: RawAnswer, namespace: string): boolean {
  return message === `namespaces "${namespace}" not found`;
}
