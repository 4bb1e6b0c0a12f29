import { expect, test } from "vitest";
import { desiredPolicy } from "../../../../src/isolation/desired.ts";
import { type Allowance, decideAllowance } from "../../../../src/isolation/dns/allowance.ts";
import { desiredCompanion } from "../../../../src/isolation/dns/companion.ts";
import { type CompanionSituation, planCompanion } from "../../../../src/isolation/dns/plan.ts";
import { allowKubeDNS } from "./clusters.ts";

const settings = {
  newNamespaces: "enabled",
  existingNamespaces: "audit",
  excludedNamespaces: ["ci-*"],
  ownNamespace: "ringfence-system",
} as const;
const allow: Allowance = { kind: "allow", egress: allowKubeDNS };
const ready = { "ringfence.dev/default-deny": "enabled", "ringfence.dev/isolation": "ready" };
const companion = desiredCompanion("shop", allowKubeDNS);
const opened = { ...companion, spec: { ...companion.spec, egress: [{}] } };
const theirs = { ...companion, metadata: { name: "ringfence-allow-dns", namespace: "shop" } };

function named(name: string, labels: Readonly<Record<string, string>> = ready, more = {}) {
  return { metadata: { name, uid: "1", labels, ...more } };
}

const isolated: CompanionSituation = {
  namespace: named("shop"),
  denyAll: desiredPolicy("shop"),
  companion: undefined,
};

test.each<[string, Partial<CompanionSituation>, string]>([
  ["no namespace", { namespace: undefined }, "absent"],
  ["an excluded namespace", { namespace: named("ci-1") }, "excluded"],
  ["kube-system", { namespace: named("kube-system") }, "excluded"],
  [
    "a namespace that ends",
    { namespace: named("shop", ready, { deletionTimestamp: "2026-01-01T00:00:00Z" }) },
    "terminating",
  ],
  [
    "a namespace that is pending",
    { namespace: named("shop", { ...ready, "ringfence.dev/isolation": "pending" }) },
    "not-isolated",
  ],
  [
    "a namespace whose default deny is off",
    { namespace: named("shop", { ...ready, "ringfence.dev/default-deny": "disabled" }) },
    "not-isolated",
  ],
  ["a namespace without labels", { namespace: named("shop", {}) }, "not-isolated"],
  ["no deny-all", { denyAll: undefined }, "not-isolated"],
  [
    "a deny-all with a rule",
    {
      denyAll: { ...desiredPolicy("shop"), spec: { ...desiredPolicy("shop").spec, egress: [{}] } },
    },
    "not-isolated",
  ],
  ["a companion in place", { companion }, "in-place"],
])("with %s nothing is written", (_name, changed, reason) => {
  expect(planCompanion({ ...isolated, ...changed }, allow, settings)).toEqual({
    step: "nothing",
    reason,
  });
});

test.each([
  ["is missing", undefined, "missing"],
  ["allows something else", opened, "different"],
  ["is not marked as ours", theirs, "unmanaged"],
])("a companion that %s is applied", (_name, stored, reason) => {
  expect(planCompanion({ ...isolated, companion: stored }, allow, settings)).toEqual({
    step: "apply",
    reason,
    egress: allowKubeDNS,
  });
});

test.each([
  ["missing", undefined],
  ["in place", companion],
  ["opened", opened],
  ["theirs", theirs],
])("as long as no DNS is found, a companion that is %s is left alone", (_name, stored) => {
  expect(planCompanion({ ...isolated, companion: stored }, { kind: "leave" }, settings)).toEqual({
    step: "nothing",
    reason: "left",
  });
});

function withdrawn(companionThere: CompanionSituation["companion"]) {
  const situation = { ...isolated, companion: companionThere };
  return planCompanion(situation, { kind: "withdraw" }, settings);
}

test("switched off, our companions are emptied in place, and others are nobody's business", () => {
  const emptied = { step: "apply", reason: "withdrawn", egress: [] };
  const nothing = { step: "nothing", reason: "withdrawn" };
  expect(withdrawn(companion)).toEqual(emptied);
  expect(withdrawn(opened)).toEqual(emptied);
  expect(withdrawn(desiredCompanion("shop", []))).toEqual(nothing);
  expect(withdrawn(theirs)).toEqual(nothing);
  expect(withdrawn(undefined)).toEqual(nothing);
});

const found = { kind: "found", egress: allowKubeDNS, problems: [] } as const;
const problems = ["Service kube-system/coredns selects no pods"];

test("what is found and passes our rules is allowed", () => {
  expect(decideAllowance("auto", found, () => [])).toEqual({
    allowance: allow,
    event: { kind: "dns-found", egress: allowKubeDNS, problems: [] },
  });
});

test("what our rules refuse is not written but told", () => {
  expect(decideAllowance("auto", found, () => ["no-anyone"])).toEqual({
    allowance: { kind: "leave" },
    event: { kind: "dns-refused", egress: allowKubeDNS, refusals: ["no-anyone"] },
  });
});

test("without DNS everything is left as it is, and told once it is known", () => {
  expect(decideAllowance("auto", { kind: "unknown" }, () => [])).toEqual({
    allowance: { kind: "leave" },
  });
  expect(decideAllowance("auto", { kind: "none", problems }, () => [])).toEqual({
    allowance: { kind: "leave" },
    event: { kind: "dns-not-found", problems },
  });
});

test("switched off, it does not matter what is found", () => {
  for (const finding of [found, { kind: "unknown" }, { kind: "none", problems }] as const) {
    expect(decideAllowance("disabled", finding, () => [])).toEqual({
      allowance: { kind: "withdraw" },
    });
  }
});
