import { expect, test } from "vitest";
import { markingApi, resolveMarking } from "../../../src/registration/marking.ts";

const served = new Set([markingApi]);
const notServed = new Set(["admissionregistration.k8s.io/v1/validatingadmissionpolicies"]);

test("auto takes the policy where the API server serves it", () => {
  expect(resolveMarking("auto", served)).toEqual({
    marking: "policy",
    reason: "the API server serves MutatingAdmissionPolicy v1",
  });
});

test.for(["auto", "policy"] as const)(
  "%s becomes the webhook where it does not: an unmarked namespace would be an open one",
  (setting) => {
    expect(resolveMarking(setting, notServed)).toEqual({
      marking: "webhook",
      reason: "the API server does not serve MutatingAdmissionPolicy v1",
    });
  },
);

test("the webhook stays selectable everywhere", () => {
  expect(resolveMarking("webhook", served)).toEqual({ marking: "webhook", reason: "configured" });
});
