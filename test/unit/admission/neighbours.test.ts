import { describe, expect, test } from "vitest";
import type { NetworkPolicyLister } from "../../../src/admission/ports.ts";
import type { AdmissionObject } from "../../../src/api/admission.ts";
import type { Labels } from "../../../src/api/meta.ts";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import { createEvaluator } from "../../../src/engine/evaluator.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";
import { denyAll, networkPolicy, policyRequest } from "../../support/review.ts";
import { validate } from "../../support/reviewvalidate.ts";

function ingress(name: string, cidr: string): NetworkPolicy & AdmissionObject {
  return {
    ...networkPolicy({
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ ipBlock: { cidr } }], ports: [{ protocol: "TCP", port: 443 }] }],
    }),
    metadata: { name, namespace: "shop" },
  };
}

const first = ingress("first", "13.0.0.0/8");
const second = ingress("web", "12.0.0.0/8");
const baseline: Labels = { "ringfence.dev/audit": "baseline", "ringfence.dev/warn": "baseline" };
const privileged: Labels = {
  "ringfence.dev/enforce": "privileged",
  "ringfence.dev/audit": "privileged",
  "ringfence.dev/warn": "privileged",
};

/** The webhook over the engine; counts how often it asked for what is stored. */
function webhook(list: NetworkPolicyLister["list"], labels = baseline) {
  const asked: string[] = [];
  const networkPolicies: NetworkPolicyLister = {
    list(namespace, signal) {
      asked.push(namespace);
      return list(namespace, signal);
    },
  };
  const evaluate = createEvaluator(defaultParameters);
  return { asked, ...validate({ labels, networkPolicies, evaluate }) };
}

describe("a policy of a namespace that has others", () => {
  test("is refused for what it adds to one of them, which the message names", async () => {
    const { answer, asked } = webhook(async () => [first]);
    const { allowed, status } = await answer(policyRequest({ object: second }));
    expect(allowed).toBe(false);
    expect(status?.message).toContain(
      '12.0.0.0/8 together with 13.0.0.0/8 (spec.ingress[0].from[0] of NetworkPolicy "first") on TCP 443 is wider than /8 outside private space',
    );
    expect(asked).toEqual(["shop"]);
  });

  test("is not judged together with its own stored version", async () => {
    const { answer } = webhook(async () => [ingress("web", "13.0.0.0/8")]);
    expect(await answer(policyRequest({ object: second }))).toMatchObject({ allowed: true });
  });

  test("is judged alone where they cannot be read, and the user is told", async () => {
    const lost = new Error("connection refused");
    const { answer, decisions } = webhook(() => Promise.reject(lost));
    const unread =
      "the namespace's other policies could not be read: not checked together with them";
    expect(await answer(policyRequest({ object: second }))).toEqual({
      uid: policyRequest().uid,
      allowed: true,
      auditAnnotations: { "enforce-policy": "baseline:v1", "not-evaluated": unread },
      warnings: [unread],
    });
    expect(decisions.map(({ because, error }) => ({ because, error }))).toEqual([
      { because: "judged", error: lost },
    ]);
  });

  test("does not ask for them where nothing adds up, or nobody judges", async () => {
    const { answer, asked } = webhook(() => Promise.reject(new Error("must not be asked")));
    const object = networkPolicy(denyAll);
    expect(await answer(policyRequest({ object }))).toMatchObject({ allowed: true });
    expect(asked).toEqual([]);
    const free = webhook(() => Promise.reject(new Error("must not be asked")), privileged);
    expect(await free.answer(policyRequest({ object: second }))).toMatchObject({ allowed: true });
    expect(free.asked).toEqual([]);
  });
});
