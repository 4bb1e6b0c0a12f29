import { expect, test } from "vitest";
import type { IsolationEvent } from "../../../src/isolation/ports.ts";
import type { EventNote } from "../../../src/kube/eventobject.ts";
import { createEventReporter } from "../../../src/wiring/eventreporter.ts";

const namespace = "shop";

const uidOf = (name: string) => (name === namespace ? "u1" : undefined);

function told(event: IsolationEvent): readonly EventNote[] {
  const notes: EventNote[] = [];
  const send = (note: EventNote): void => void notes.push(note);
  createEventReporter({ send, uidOf, ownNamespace: "ringfence-system" }).report(event);
  return notes;
}

const applied = { kind: "policy-applied", namespace, reason: "missing", repair: false } as const;

test.each<[string, IsolationEvent]>([
  ["that a new namespace got its deny-all", { ...applied, origin: "marked", afterMs: 4 }],
  ["the same of one that nobody had marked: its mark is told", { ...applied, origin: "unmarked" }],
  ["that a namespace is ready", { kind: "labelled", namespace, reason: "pending" }],
  ["that it is released", { kind: "released", namespace }],
  [
    "a failure, which is nothing that people of a namespace could mend",
    { kind: "failed", namespace, error: new Error("reset"), failures: 1, retryInMs: 100 },
  ],
])("not told: %s", (_name, event) => {
  expect(told(event)).toEqual([]);
});

test.each<[reason: string, type: "Normal" | "Warning", note: string, event: IsolationEvent]>([
  [
    "DefaultDenyCreated",
    "Normal",
    "The label ringfence.dev/default-deny asks for it: the NetworkPolicy ringfence-default-deny now denies all traffic that no other NetworkPolicy allows.",
    { ...applied, origin: "opted-in" },
  ],
  [
    "DefaultDenyCreated",
    "Normal",
    "The configuration isolates existing namespaces: the NetworkPolicy ringfence-default-deny now denies all traffic that no other NetworkPolicy allows.",
    { ...applied, origin: "existing" },
  ],
  [
    "DefaultDenyRepaired",
    "Warning",
    "The NetworkPolicy ringfence-default-deny was deleted and was put right.",
    { ...applied, repair: true },
  ],
  [
    "DefaultDenyRepaired",
    "Warning",
    "The NetworkPolicy ringfence-default-deny did not deny all traffic any more (field managers beside Ringfence: helm, kubectl-edit) and was put right.",
    { ...applied, reason: "opened", repair: true, changedBy: ["helm", "kubectl-edit"] },
  ],
  [
    "DefaultDenyContended",
    "Warning",
    "Somebody keeps undoing what Ringfence writes to ringfence-default-deny or to the labels of the namespace (field managers beside Ringfence: helm). Ringfence writes again after a pause, which grows to a minute.",
    { kind: "contended", namespace, retryInMs: 4000, changedBy: ["helm"] },
  ],
  [
    "NamespaceUnmarked",
    "Warning",
    "The namespace was without the mark for 42 s: neither the API server nor the webhook of Ringfence had marked it when it was created. It is isolated now; pods that were started before ran without isolation.",
    { kind: "labelled", namespace, reason: "unmarked", unmarkedSeconds: 42 },
  ],
  [
    "PodOlderThanDefaultDeny",
    "Warning",
    "Pods are older than ringfence-default-deny, although the namespace was marked from its beginning, so that none should have been admitted; they are isolated now: a, b and 10 more.",
    { kind: "older-pods", namespace, origin: "marked", count: 12, pods: ["a", "b"] },
  ],
])("%s, a %s: %s", (reason, type, note, event) => {
  const regarding = { apiVersion: "v1", kind: "Namespace", name: namespace, namespace, uid: "u1" };
  expect(told(event)).toEqual([
    { regarding, reason, type, note, action: expect.stringMatching(/^[A-Z][a-z]+$/) },
  ]);
});

test("the backfill is told in our own namespace, each step by itself", () => {
  const name = "ringfence-system";
  expect(told({ kind: "backfill", phase: "progress", done: 3, total: 9 })).toEqual([
    {
      regarding: { apiVersion: "v1", kind: "Namespace", name, namespace: name },
      type: "Normal",
      reason: "BackfillProgress",
      action: "Backfill",
      note: "Ringfence goes on isolating existing namespaces: 3 of 9.",
      distinct: "3/9",
    },
  ]);
});

test("names as long as names can be fit into a note", () => {
  const pods = Array.from({ length: 10 }, (_, index) => `${index}`.repeat(253));
  const [note] = told({ kind: "older-pods", namespace, origin: "marked", count: 99, pods });
  expect(Buffer.byteLength(note?.note ?? "")).toBeLessThanOrEqual(1024);
  expect(note?.note).toContain(" and 89 more.");
});
