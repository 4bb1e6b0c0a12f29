import { describe, expect, test } from "vitest";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import { networkPolicy, policyRequest } from "../../support/review.ts";
import { anyone, bad, refusedAs, validate, wide } from "../../support/reviewvalidate.ts";

const { uid } = policyRequest();
const privileged = {
  "ringfence.dev/enforce": "privileged",
  "ringfence.dev/audit": "privileged",
  "ringfence.dev/warn": "privileged",
};

describe("a new NetworkPolicy", () => {
  test("passes when it violates nothing", async () => {
    expect(await validate({}).answer(policyRequest())).toEqual({
      uid,
      allowed: true,
      auditAnnotations: { "enforce-policy": "baseline:v1" },
    });
  });

  test("is refused with every finding of enforce, without repeating them as warnings", async () => {
    expect(await validate({ verdicts: bad }).answer(policyRequest())).toEqual({
      uid,
      allowed: false,
      status: refusedAs("baseline", "v1", { findings: [anyone], notes: [] }),
      auditAnnotations: {
        "enforce-policy": "baseline:v1",
        "audit-violations":
          "would violate restricted:v1: no-anyone at spec.ingress[0]: the rule admits everyone. Fix: Name the peers.; would violate restricted:v1: require-ports at spec.ingress[0].ports: all ports are open. Fix: List the ports.",
      },
    });
  });

  test("passes with warnings and an annotation when only audit and warn object", async () => {
    const verdicts = { restricted: { findings: [wide], notes: [] } };
    const text =
      "would violate restricted:v1: require-ports at spec.ingress[0].ports: all ports are open. Fix: List the ports.";
    expect(await validate({ verdicts }).answer(policyRequest())).toEqual({
      uid,
      allowed: true,
      warnings: [text],
      auditAnnotations: { "enforce-policy": "baseline:v1", "audit-violations": text },
    });
  });

  test("is warned of without the fix where that does not fit into a warning", async () => {
    const long = { ...wide, fix: "List the ports. ".repeat(20) };
    const verdicts = { restricted: { findings: [long], notes: [] } };
    const { warnings, auditAnnotations } = await validate({ verdicts }).answer(policyRequest());
    expect(warnings).toEqual([
      "would violate restricted:v1: require-ports at spec.ingress[0].ports: all ports are open. See: ringfence explain require-ports",
    ]);
    expect(auditAnnotations?.["audit-violations"]).toContain("Fix: List the ports. List");
  });

  test("is judged once for modes that share level and version", async () => {
    const shared = validate({});
    await shared.answer(policyRequest());
    expect(shared.judged).toEqual(["whole shop baseline:v1", "whole shop restricted:v1"]);
    const all = validate({ labels: { "ringfence.dev/enforce": "restricted" } });
    await all.answer(policyRequest());
    expect(all.judged).toEqual(["whole shop restricted:v1"]);
    const pinned = validate({ labels: { "ringfence.dev/warn-version": "latest" } });
    await pinned.answer(policyRequest());
    expect(pinned.judged).toEqual([
      "whole shop baseline:v1",
      "whole shop restricted:v1",
      "whole shop restricted:latest",
    ]);
  });

  test("is not judged at all where everything is privileged", async () => {
    const { judged, answer: ask } = validate({ labels: privileged, verdicts: bad });
    expect((await ask(policyRequest())).allowed).toBe(true);
    expect(judged).toEqual([]);
  });

  test("that cannot be judged is refused by enforce", async () => {
    const unjudged = { findings: [], unjudged: { path: "spec", message: "too new." }, notes: [] };
    const { answer: ask, decisions } = validate({ verdicts: { baseline: unjudged } });
    expect((await ask(policyRequest())).status).toEqual(refusedAs("baseline", "v1", unjudged));
    expect(decisions[0]?.rules?.enforce).toEqual(["unjudged"]);
  });

  test("that cannot be judged is reported by audit and warn", async () => {
    const unjudged = { findings: [], unjudged: { path: "spec", message: "too new." }, notes: [] };
    const text = "cannot be judged by restricted:v1 at spec: too new.";
    expect(
      await validate({ verdicts: { restricted: unjudged } }).answer(policyRequest()),
    ).toMatchObject({
      allowed: true,
      warnings: [text],
      auditAnnotations: { "audit-violations": text },
    });
  });

  test("carries what was not evaluated", async () => {
    const notes = ["cluster ranges unknown"];
    const verdicts = { baseline: { findings: [], notes }, restricted: { findings: [], notes } };
    expect(await validate({ verdicts }).answer(policyRequest())).toMatchObject({
      warnings: ["cluster ranges unknown"],
      auditAnnotations: { "not-evaluated": "cluster ranges unknown" },
    });
  });
});

describe("an update", () => {
  const before = networkPolicy();
  const request = policyRequest({ operation: "UPDATE", oldObject: before });

  test("is refused only for what is new, while audit and warn show everything", async () => {
    const { answer: ask, judged } = validate({ verdicts: bad });
    const response = await ask(request);
    expect(response.allowed).toBe(true);
    expect(response.warnings).toHaveLength(2);
    expect(judged).toEqual(["update web web baseline", "whole shop restricted:v1"]);
  });

  test("shares nothing between enforce and the other modes", async () => {
    const labels = { "ringfence.dev/audit": "baseline", "ringfence.dev/warn": "baseline" };
    const { answer: ask, judged } = validate({ labels, verdicts: bad });
    expect((await ask(request)).warnings).toHaveLength(1);
    expect(judged).toEqual(["update web web baseline", "whole shop baseline:v1"]);
  });

  test("is refused for something new", async () => {
    const added = { findings: [anyone], notes: [] };
    const response = await validate({ verdicts: bad, added }).answer(request);
    expect(response.status).toEqual(refusedAs("baseline", "v1", added));
  });

  test("without its old object is judged as a whole", async () => {
    const { answer: ask } = validate({ verdicts: bad });
    expect((await ask({ ...request, oldObject: null })).allowed).toBe(false);
  });

  test("through a subresource is judged alike", async () => {
    const added = { findings: [anyone], notes: [] };
    const { answer: ask } = validate({ added });
    expect((await ask({ ...request, subResource: "status" })).allowed).toBe(false);
  });
});

describe("a defect in a rule", () => {
  test("is thrown where enforce depends on it", async () => {
    const { answer: ask } = validate({ defect: () => true });
    await expect(ask(policyRequest())).rejects.toThrow("a rule is broken");
  });

  test("never refuses where a mode only informs, and is recorded", async () => {
    const { answer: ask, decisions } = validate({ defect: ({ level }) => level === "restricted" });
    expect(await ask(policyRequest())).toMatchObject({
      allowed: true,
      warnings: ["cannot be judged by restricted:v1: Ringfence failed to judge it, see its log"],
    });
    expect(decisions[0]?.error).toEqual(new Error("a rule is broken"));
  });
});

test("one decision is recorded per review", async () => {
  const { answer: ask, decisions } = validate({ verdicts: bad });
  const object: NetworkPolicy = { metadata: { generateName: "web-", namespace: "shop" } };
  await ask(policyRequest({ name: "", object: { ...object } }));
  expect(decisions).toEqual([
    {
      webhook: "validate",
      uid,
      operation: "CREATE",
      resource: "networkpolicies",
      namespace: "shop",
      name: "web-",
      user: "jane",
      dryRun: false,
      decision: "deny",
      because: "judged",
      enforced: "baseline:v1",
      rules: {
        enforce: ["no-anyone"],
        audit: ["no-anyone", "require-ports"],
        warn: ["no-anyone", "require-ports"],
      },
      patched: false,
      milliseconds: 0,
    },
  ]);
});
