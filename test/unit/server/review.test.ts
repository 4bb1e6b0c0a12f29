import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readReview } from "../../../src/server/review.ts";
import { findUid } from "../../../src/server/uid.ts";
import { policyRequest, reviewOf } from "../../support/review.ts";

const request = policyRequest();
const { uid } = request;

function read(text: string) {
  return readReview(Buffer.from(text), 64);
}

function problem(text: string) {
  const reading = read(text);
  return "problem" in reading ? reading.problem : undefined;
}

/** A review with one field of its request replaced, in JSON. */
function withField(name: string, json: string): string {
  return reviewOf(request).replace(/}}$/, `,${JSON.stringify(name)}:${json}}}`);
}

describe("a review", () => {
  test("is read whole", () => {
    expect(read(reviewOf(request))).toEqual({ request });
  });

  test("may carry null wherever the API server writes it", () => {
    const json = reviewOf({ ...request, oldObject: null, dryRun: null, object: null });
    expect(read(json)).toHaveProperty("request.oldObject", null);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "may have a label %s, which stays a label",
    (key) => {
      const json = withField("oldObject", `{"metadata":{"labels":{${JSON.stringify(key)}:"x"}}}`);
      const reading = read(json);
      const labels = "request" in reading ? reading.request.oldObject?.metadata?.labels : undefined;
      expect(Object.entries(labels ?? {})).toEqual([[key, "x"]]);
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
  );
});

describe("a body that is no review, refused under its uid", () => {
  const prefix = "The body is not an AdmissionReview of admission.k8s.io/v1: ";
  test.each([
    [
      "another version",
      reviewOf(request).replace("io/v1", "io/v1beta1"),
      `${prefix}apiVersion must be equal to constant "admission.k8s.io/v1".`,
    ],
    [
      "another kind",
      reviewOf(request).replace('"kind":"AdmissionReview"', '"kind":"TokenReview"'),
      `${prefix}kind must be equal to constant "AdmissionReview".`,
    ],
    [
      "an unknown operation",
      withField("operation", '"PATCH"'),
      `${prefix}request.operation must be equal to one of the allowed values.`,
    ],
    [
      "an object that is a list",
      withField("object", "[]"),
      `${prefix}request.object must be object,null.`,
    ],
    [
      "labels that are numbers",
      withField("object", '{"metadata":{"labels":{"a":1}}}'),
      `${prefix}request.object.metadata.labels.a must be string.`,
    ],
    [
      "a label __proto__ that is an object",
      withField("object", '{"metadata":{"labels":{"__proto__":{"a":"b"}}}}'),
      `${prefix}request.object.metadata.labels.__proto__ must be string.`,
    ],
    ["no user", withField("userInfo", "null"), `${prefix}request.userInfo must be object.`],
    ["text after it", `${reviewOf(request)}x`, "The body is not JSON."],
    ["an end too early", reviewOf(request).slice(0, -10), "The body is not JSON."],
    [
      "nesting of 65",
      withField("object", `${'{"a":'.repeat(63)}1${"}".repeat(63)}`),
      "The body nests deeper than 64 levels.",
    ],
  ])("for %s", (_name, text, message) => {
    expect(problem(text)).toEqual({ status: 400, message, uid });
  });

  test("nesting of 64 is read", () => {
    const json = withField("oldObject", `${'{"a":'.repeat(62)}1${"}".repeat(62)}`);
    expect(read(json)).toHaveProperty("request");
  });

  test("for bytes that are not UTF-8", () => {
    const bytes = Buffer.concat([Buffer.from(reviewOf(request)), Buffer.from([0xff])]);
    expect(readReview(bytes, 64)).toEqual({
      problem: { status: 400, message: "The body is not UTF-8.", uid },
    });
  });
});

describe("a body without a uid has nobody to be refused to", () => {
  test.each([
    ["nothing", "", "The body is empty."],
    ["text", "hello", "The body is not JSON."],
    ["a byte order mark", `\uFEFF{}`, "The body is not JSON."],
    [
      "null",
      "null",
      "The body is not an AdmissionReview of admission.k8s.io/v1: the review must be object.",
    ],
    [
      "no request",
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}',
      "The body is not an AdmissionReview of admission.k8s.io/v1: the review must have required property 'request'.",
    ],
    [
      "an empty uid",
      reviewOf({ ...request, uid: "" }),
      "The body is not an AdmissionReview of admission.k8s.io/v1: request.uid must NOT have fewer than 1 characters.",
    ],
    [
      "an inherited uid",
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"__proto__":{"uid":"x"}}}',
      "The body is not an AdmissionReview of admission.k8s.io/v1: request must have required property 'uid'.",
    ],
  ])("%s", (_name, text, message) => {
    expect(problem(text)).toEqual({ status: 400, message });
  });
});

describe("the uid in the first bytes", () => {
  test("is the request's own, whatever the object says", () => {
    const object = { metadata: { name: "x" }, note: '"request":{"uid":"forged"' };
    const head = Buffer.from(reviewOf({ ...request, object }));
    expect(findUid(head)).toBe(uid);
  });

  test("is not looked for beyond them", () => {
    expect(findUid(Buffer.from(`${" ".repeat(4_096)}${reviewOf(request)}`))).toBeUndefined();
  });
});

test("whatever the bytes, reading them gives a request or a problem and leaves no trace", () => {
  const text = reviewOf(request);
  const damaged = fc
    .tuple(fc.nat(text.length), fc.nat(20), fc.string())
    .map(([start, length, insert]) => text.slice(0, start) + insert + text.slice(start + length));
  fc.assert(
    fc.property(fc.oneof(damaged, fc.json(), fc.string({ unit: "binary" })), (body) => {
      const reading = read(body);
      expect("request" in reading || reading.problem.message !== "").toBe(true);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
  );
});
