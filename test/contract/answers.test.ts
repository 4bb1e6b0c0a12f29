import { describe, expect, test } from "vitest";
import { judgeResponse, judgeReview, type Asked } from "./judge.ts";

const namespace = { metadata: { name: "shop" } };
const asked: Asked = { webhook: "mutate", uid: "u", object: namespace };

function encode(patch: unknown): string {
  return Buffer.from(JSON.stringify(patch)).toString("base64");
}

const add = { op: "add", path: "/metadata/labels", value: { a: "b" } };
const patchOf = (patch: unknown) => ({
  uid: "u",
  allowed: true,
  patchType: "JSONPatch",
  patch: encode(patch),
});
const denial = {
  uid: "u",
  allowed: false,
  status: { code: 403, reason: "Forbidden", message: "no" },
};

describe("the judge of answers", () => {
  test.each([
    ["a plain yes", { uid: "u", allowed: true }],
    ["a patch that applies", patchOf([add])],
    ["a denial with a status", denial],
  ])("accepts %s", (_name, response) => {
    expect(judgeResponse(asked, response)).toEqual([]);
  });

  test.each([
    ["another uid", { uid: "v", allowed: true }, "the uid is not that of the request"],
    ["no verdict", { ...denial, allowed: "no" }, "allowed is not a boolean"],
    ["a field of no meaning", { uid: "u", allowed: true, rules: [] }, "unknown field rules"],
    ["a denial without a word", { uid: "u", allowed: false }, "a denial has no status"],
    [
      "a code that is none",
      { ...denial, status: { ...denial.status, code: 200 } },
      "the code is not an error",
    ],
    [
      "a patch without its type",
      { uid: "u", allowed: true, patch: encode([add]) },
      "a patch needs the patchType JSONPatch",
    ],
    [
      "a type without its patch",
      { uid: "u", allowed: true, patchType: "JSONPatch" },
      "patch and patchType come together",
    ],
    ["an empty patch", patchOf([]), "the patch is empty"],
    [
      "a test operation",
      patchOf([{ op: "test", path: "/metadata/name", value: "shop" }]),
      "the patch has a test operation, which can reject the request",
    ],
    [
      "a patch into a map that is not there",
      patchOf([{ op: "add", path: "/metadata/labels/a", value: "b" }]),
      "the patch does not apply: Error: there is no labels",
    ],
    [
      "a patch that changes nothing",
      patchOf([{ op: "add", path: "/metadata/name", value: "shop" }]),
      "the patch changes nothing",
    ],
    [
      "eleven warnings",
      { uid: "u", allowed: true, warnings: Array.from({ length: 11 }, (_, n) => `w${n}`) },
      "there are more than ten warnings",
    ],
    [
      "a warning of 257 characters",
      { uid: "u", allowed: true, warnings: ["ä".repeat(257)] },
      "a warning would be cut",
    ],
    [
      "a warning with a newline",
      { uid: "u", allowed: true, warnings: ["a\nb"] },
      "a warning with control characters is dropped",
    ],
    [
      "a key with a slash",
      { uid: "u", allowed: true, auditAnnotations: { "a/b": "c" } },
      "bad key a/b",
    ],
  ])("finds %s", (_name, response, problem) => {
    expect(judgeResponse(asked, response)).toEqual([problem]);
  });

  test.each(["validate", "gate", "namespaces"] as const)(
    "finds a patch on a %s answer",
    (webhook) => {
      expect(judgeResponse({ ...asked, webhook }, patchOf([add]))).toEqual([
        `a ${webhook} answer has a patch`,
      ]);
    },
  );

  test("finds a review of another version and one without a response", () => {
    const review = { apiVersion: "admission.k8s.io/v1beta1", kind: "AdmissionReview" };
    expect(judgeReview(asked, review)).toEqual(["apiVersion is wrong", "there is no response"]);
  });
});
