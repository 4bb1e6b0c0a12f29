import { expect, test } from "vitest";
import type { DefaultDeny } from "../../../src/api/names.ts";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import { desiredPolicy } from "../../../src/isolation/desired.ts";
import { type Plan, planIsolation } from "../../../src/isolation/plan.ts";
import type { IsolationSettings } from "../../../src/isolation/scope.ts";

const settings: IsolationSettings = {
  newNamespaces: "enabled",
  existingNamespaces: "audit",
  excludedNamespaces: ["legacy", "ci-*"],
  ownNamespace: "ringfence-system",
};

const ours: NetworkPolicy = desiredPolicy("shop");
const opened: NetworkPolicy = { ...ours, spec: { ...ours.spec, ingress: [{}] } };
const foreign: NetworkPolicy = { ...ours, metadata: { name: "ringfence-default-deny" } };

type Case = readonly [
  title: string,
  situation: {
    readonly name?: string;
    readonly deny?: string;
    readonly isolation?: string;
    readonly policy?: NetworkPolicy;
    readonly fallback?: DefaultDeny;
    readonly isOld?: boolean;
    readonly terminating?: "timestamp" | "phase";
  },
  plan: Plan,
];

const nothing = (reason: "excluded" | "terminating" | "not-enabled" | "isolated") =>
  ({ step: "nothing", reason }) as const;

const cases: readonly Case[] = [
  [
    "a marked new namespace gets its deny-all first",
    { deny: "enabled", isolation: "pending" },
    { step: "apply-policy", reason: "missing" },
  ],
  [
    "with the deny-all in place it becomes ready",
    { deny: "enabled", isolation: "pending", policy: ours },
    { step: "apply-labels", reason: "pending" },
  ],
  [
    "an isolated and ready namespace is left alone",
    { deny: "enabled", isolation: "ready", policy: ours },
    nothing("isolated"),
  ],
  [
    "a deny-all with rules is repaired",
    { deny: "enabled", isolation: "ready", policy: opened },
    { step: "apply-policy", reason: "opened" },
  ],
  [
    "a deleted deny-all comes back",
    { deny: "enabled", isolation: "ready" },
    { step: "apply-policy", reason: "missing" },
  ],
  [
    "a deny-all that somebody else brought is taken over",
    { deny: "enabled", isolation: "pending", policy: foreign },
    { step: "apply-policy", reason: "unmanaged" },
  ],
  [
    "a new namespace that nobody marked is isolated before it is marked",
    { fallback: "enabled" },
    { step: "apply-policy", reason: "missing" },
  ],
  [
    "and then marked",
    { fallback: "enabled", policy: ours },
    { step: "apply-labels", reason: "unmarked" },
  ],
  [
    "an existing one is marked too, and not called unmarked",
    { fallback: "enabled", isOld: true, policy: ours },
    { step: "apply-labels", reason: "existing" },
  ],
  ["an existing namespace stays as it is", { fallback: "audit" }, nothing("not-enabled")],
  ["an explicit audit wins", { deny: "audit", fallback: "enabled" }, nothing("not-enabled")],
  ["an explicit disabled wins", { deny: "disabled", fallback: "enabled" }, nothing("not-enabled")],
  [
    "an explicit enabled wins",
    { deny: "enabled", fallback: "disabled" },
    { step: "apply-policy", reason: "missing" },
  ],
  [
    "an unreadable label means enabled",
    { deny: "yes", fallback: "disabled" },
    { step: "apply-policy", reason: "missing" },
  ],
  [
    "and is replaced once the namespace is isolated",
    { deny: "yes", isolation: "ready", policy: ours },
    { step: "apply-labels", reason: "unreadable" },
  ],
  [
    "a namespace that was switched off keeps its deny-all but not the isolation label",
    { deny: "disabled", isolation: "ready", policy: ours },
    { step: "remove-isolation-label", reason: "not-enabled" },
  ],
  [
    "nor does it stay pending",
    { deny: "audit", isolation: "pending" },
    { step: "remove-isolation-label", reason: "not-enabled" },
  ],
  ["a system namespace is excluded", { name: "kube-system", deny: "enabled" }, nothing("excluded")],
  ["so is the default one", { name: "default", deny: "enabled" }, nothing("excluded")],
  ["so is our own", { name: "ringfence-system", deny: "enabled" }, nothing("excluded")],
  ["so is a configured one", { name: "legacy", deny: "enabled" }, nothing("excluded")],
  ["so is a configured prefix", { name: "ci-42", deny: "enabled" }, nothing("excluded")],
  [
    "an exact name is not a prefix",
    { name: "legacy-2", deny: "enabled" },
    { step: "apply-policy", reason: "missing" },
  ],
  [
    "a terminating namespace is left alone",
    { deny: "enabled", terminating: "timestamp" },
    nothing("terminating"),
  ],
  [
    "also by its phase, and when it was switched off",
    { deny: "disabled", isolation: "ready", terminating: "phase" },
    nothing("terminating"),
  ],
];

test.for(cases)("%s", ([, situation, plan]) => {
  const { name = "shop", deny, isolation, policy, fallback = "disabled" } = situation;
  const { isOld = false, terminating } = situation;
  const labels = {
    ...(deny === undefined ? {} : { "ringfence.dev/default-deny": deny }),
    ...(isolation === undefined ? {} : { "ringfence.dev/isolation": isolation }),
  };
  const deletionTimestamp = terminating === "timestamp" ? "2026-01-01T00:00:00Z" : null;
  const phase = terminating === "phase" ? "Terminating" : "Active";
  const namespace = { metadata: { name, labels, deletionTimestamp }, status: { phase } };

  const observed = { namespace, managed: policy, fallback, isNew: !isOld };
  expect(planIsolation(observed, settings)).toEqual(plan);
});

test("a namespace that does not exist needs nothing", () => {
  expect(
    planIsolation(
      { namespace: undefined, managed: ours, fallback: "enabled", isNew: true },
      settings,
    ),
  ).toEqual({ step: "nothing", reason: "absent" });
});
