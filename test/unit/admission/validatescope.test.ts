import { describe, expect, test } from "vitest";
import type { NamespaceGetter } from "../../../src/admission/ports.ts";
import type { Labels } from "../../../src/api/meta.ts";
import { podRequest, policyRequest } from "../../support/review.ts";
import { namespacesOf } from "../../support/reviewports.ts";
import { anyone, bad, refusedAs, validate, wide } from "../../support/reviewvalidate.ts";

const { uid } = policyRequest();

function failing(message: string): NamespaceGetter {
  return { get: async () => Promise.reject(new Error(message)) };
}

describe("labels that cannot be used", () => {
  test("an unreadable enforce label means restricted, and the user is told even when denied", async () => {
    const labels = { "ringfence.dev/enforce": "basline" };
    const response = await validate({ labels, verdicts: bad }).answer(policyRequest());
    expect(response.status).toEqual(
      refusedAs("restricted", "v1", { findings: [anyone, wide], notes: [] }),
    );
    expect(response.warnings).toEqual([
      'namespace "shop", label ringfence.dev/enforce: "basline": must be one of privileged, baseline, restricted; enforce is treated as restricted until it is',
    ]);
  });

  test.each([
    ["does not exist", namespacesOf({}), "the API server does not know it"],
    ["cannot be read", failing("refused"), "the API server could not be asked"],
  ])("a namespace that %s is held to the strictest level", async (_name, namespaces, why) => {
    const { answer: ask } = validate({ namespaces, verdicts: bad });
    const response = await ask(policyRequest());
    expect(response.status?.code).toBe(403);
    expect(response.auditAnnotations).toMatchObject({ "enforce-policy": "restricted:latest" });
    expect(response.warnings).toEqual([
      `the labels of namespace "shop" are unknown (${why}): the strictest level, restricted, is enforced`,
    ]);
  });

  test("a good policy passes there, and the failure is recorded", async () => {
    const { answer: ask, decisions } = validate({ namespaces: failing("connection refused") });
    expect((await ask(policyRequest())).allowed).toBe(true);
    expect(decisions[0]?.error).toEqual(new Error("connection refused"));
  });

  test("the read ends at the deadline with an answer", async () => {
    const controller = new AbortController();
    const namespaces: NamespaceGetter = {
      get: async (_name, signal) => {
        controller.abort();
        signal.throwIfAborted();
        return undefined;
      },
    };
    const { answer: ask } = validate({ namespaces, verdicts: bad });
    const response = await ask(policyRequest(), controller.signal);
    expect(response.allowed).toBe(false);
    expect(response.warnings?.[0]).toContain("did not answer in time");
  });

  test("a namespace label named like an inherited property changes nothing", async () => {
    const labels: Labels = JSON.parse('{"__proto__": "x", "constructor": "y", "toString": "z"}');
    expect(await validate({ labels }).answer(policyRequest())).toEqual({
      uid,
      allowed: true,
      auditAnnotations: { "enforce-policy": "baseline:v1" },
    });
  });
});

describe("static exemptions", () => {
  test.each([
    ["namespace", policyRequest({ namespace: "legacy" })],
    ["namespace", policyRequest({ namespace: "kube-system" })],
    ["user", policyRequest({ userInfo: { username: "bot" } })],
    ["group", policyRequest({ userInfo: { username: "joe", groups: ["dev", "sre"] } })],
  ])("exempt by %s, without a judgement", async (reason, request) => {
    const { answer: ask, judged, decisions } = validate({ verdicts: bad });
    expect(await ask(request)).toEqual({
      uid,
      allowed: true,
      auditAnnotations: { exempt: reason },
    });
    expect(judged).toEqual([]);
    expect(decisions[0]?.because).toBe("exempt");
  });

  test("a name that only resembles an exempt one is judged", async () => {
    const namespaces = namespacesOf({ "legacy-2": {} });
    const { answer: ask } = validate({ namespaces, verdicts: bad });
    expect((await ask(policyRequest({ namespace: "legacy-2" }))).allowed).toBe(false);
    const noName = policyRequest({ userInfo: {} });
    expect((await validate({ verdicts: bad }).answer(noName)).allowed).toBe(false);
  });
});

describe("requests that are not to be judged", () => {
  test("a deletion passes: it stores nothing", async () => {
    const request = policyRequest({ operation: "DELETE", name: "", object: null });
    expect(await validate({}).answer(request)).toEqual({ uid, allowed: true });
  });

  test("another resource is refused", async () => {
    expect((await validate({}).answer(podRequest())).status?.code).toBe(400);
  });

  test.each([
    ["of another group", { group: "crd.projectcalico.org", version: "v1", kind: "NetworkPolicy" }],
    ["of another version", { group: "networking.k8s.io", version: "v2", kind: "NetworkPolicy" }],
    ["of another kind", { group: "autoscaling", version: "v1", kind: "Scale" }],
  ])("an object %s is refused, never passed unread", async (_name, kind) => {
    const { answer: ask, decisions } = validate({});
    expect((await ask(policyRequest({ kind }))).status?.code).toBe(400);
    expect(decisions[0]).toMatchObject({ decision: "deny", because: "misdirected" });
  });

  test.each([
    ["object", policyRequest({ object: null })],
    ["namespace", policyRequest({ namespace: "", object: { spec: {} } })],
  ])("a creation without its %s is refused", async (lacking, request) => {
    expect((await validate({}).answer(request)).status).toEqual({
      code: 400,
      reason: "BadRequest",
      message: `The request has no ${lacking}, so nothing to judge.`,
    });
  });
});
