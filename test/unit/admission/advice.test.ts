import { expect, test } from "vitest";
import type { Surroundings, Warned } from "../../../src/engine/advise.ts";
import { networkPolicy, policyRequest } from "../../support/review.ts";
import { bad, validate, wide } from "../../support/reviewvalidate.ts";

const split: Warned = {
  warning: "split-and",
  why: "Two peers look like one.",
  path: "spec.ingress[0].from[1]",
  message: "either is enough",
  fix: "Join them.",
};
const text = "split-and at spec.ingress[0].from[1]: either is enough. Fix: Join them.";
const advise = () => [split];

test("a warning follows the findings of warn mode", async () => {
  const verdicts = { restricted: { findings: [wide], notes: ["a note"] } };
  const { allowed, warnings } = await validate({ verdicts, advise }).answer(policyRequest());
  expect(allowed).toBe(true);
  expect(warnings).toEqual([
    "would violate restricted:v1: require-ports at spec.ingress[0].ports: all ports are open. Fix: List the ports.",
    text,
    "a note",
  ]);
});

test("a refusal carries warnings as well", async () => {
  const { allowed, warnings } = await validate({ verdicts: bad, advise }).answer(policyRequest());
  expect({ allowed, warnings }).toEqual({ allowed: false, warnings: [text] });
});

test("an update is looked at like a new policy, in its namespace", async () => {
  const seen: Surroundings[] = [];
  const { answer } = validate({
    advise(_policy, around) {
      seen.push(around);
      return [split];
    },
  });
  const request = policyRequest({ operation: "UPDATE", oldObject: networkPolicy() });
  expect((await answer(request)).warnings).toEqual([text]);
  expect(seen).toEqual([{ namespace: "shop", neighbours: undefined }]);
});

test("a fix that does not fit into a warning is replaced by the way to it", async () => {
  const long = { ...split, fix: "Join them, please. ".repeat(20) };
  const { warnings } = await validate({ advise: () => [long] }).answer(policyRequest());
  expect(warnings).toEqual([
    "split-and at spec.ingress[0].from[1]: either is enough. See: ringfence explain split-and",
  ]);
});

test("nobody is warned where the warn level is privileged", async () => {
  const labels = { "ringfence.dev/warn": "privileged" };
  const response = await validate({ labels, advise }).answer(policyRequest());
  expect(response).not.toHaveProperty("warnings");
});

test("an exempt request is not looked at", async () => {
  const request = policyRequest({ userInfo: { username: "bot" } });
  const response = await validate({ advise }).answer(request);
  expect(response).not.toHaveProperty("warnings");
});

test("a defect in a warning changes no verdict and is recorded", async () => {
  const { answer, decisions } = validate({
    advise() {
      throw new Error("a warning is broken");
    },
  });
  expect(await answer(policyRequest())).toMatchObject({ allowed: true });
  expect(decisions).toMatchObject([{ error: new Error("a warning is broken") }]);
});
