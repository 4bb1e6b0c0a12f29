import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policyRequest, reviewOf } from "../../support/review.ts";
import { reviewIn, startServer } from "../../support/reviewserver.ts";

const request = policyRequest();
const { uid } = request;
const good = reviewOf(request);
const webhook = "validate";
const mebibyte = 1_048_576;

let running: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  running = await startServer();
});

afterAll(async () => {
  await running.server[Symbol.asyncDispose]();
});

const post = (...args: Parameters<typeof running.send>) => running.send(...args);

/** The good review, blown up to exactly this many bytes by an annotation. */
function reviewOfSize(bytes: number): string {
  const object = { metadata: { annotations: { note: "" } } };
  const empty = reviewOf(policyRequest({ object })).length;
  const note = "x".repeat(bytes - empty);
  return reviewOf(policyRequest({ object: { metadata: { annotations: { note } } } }));
}

test("the good review behind all of these is allowed", async () => {
  const answer = await post("/v1/validate", good);
  expect(reviewIn(answer, { webhook, uid })).toEqual({ uid, allowed: true });
});

async function refused(
  body: string | Buffer,
  headers: { readonly [name: string]: string } = { "content-type": "application/json" },
) {
  const answer = await post("/v1/validate", body, { headers });
  const { allowed, status } = reviewIn(answer, { webhook, uid });
  return { allowed, status };
}

function refusal(code: number, reason: string, message: string) {
  return { allowed: false, status: { code, reason, message } };
}

describe("bad input under a uid is refused inside a review, by status 200", () => {
  test("a review that breaks off", async () => {
    expect(await refused(good.slice(0, -20))).toEqual(
      refusal(400, "BadRequest", "The body is not JSON."),
    );
  });

  test("a review of the wrong kind", async () => {
    const body = good.replace('"kind":"AdmissionReview"', '"kind":"TokenReview"');
    expect(await refused(body)).toEqual(
      refusal(
        400,
        "BadRequest",
        'The body is not an AdmissionReview of admission.k8s.io/v1: kind must be equal to constant "AdmissionReview".',
      ),
    );
  });

  test("a review that nests too deep", async () => {
    const body = good.replace(
      '"spec":{',
      `"deep":${"[".repeat(100_000)}${"]".repeat(100_000)},"spec":{`,
    );
    expect(await refused(body)).toEqual(
      refusal(400, "BadRequest", "The body nests deeper than 64 levels."),
    );
  });

  test("a body of 16 MiB and one byte", async () => {
    expect(await refused(reviewOfSize(16 * mebibyte + 1))).toEqual(
      refusal(413, "RequestEntityTooLarge", "The body is larger than 16777216 bytes."),
    );
  });

  test.each([["text/plain"], ["application/yaml"], ["application/x-www-form-urlencoded"]])(
    "a body that is called %s",
    async (contentType) => {
      expect(await refused(good, { "content-type": contentType })).toEqual(
        refusal(
          415,
          "UnsupportedMediaType",
          "The body must be JSON: send Content-Type: application/json.",
        ),
      );
    },
  );

  test("a body without a content type", async () => {
    expect((await refused(good, {})).allowed).toBe(false);
  });

  test("a body that is said to be compressed", async () => {
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    expect(await refused(good, headers)).toEqual(
      refusal(
        415,
        "UnsupportedMediaType",
        "The body must not be compressed: Content-Encoding is not accepted.",
      ),
    );
  });
});

describe("bad input without a uid gets a 4xx in plain words", () => {
  const json = { "content-type": "application/json" };
  test.each([
    ["an empty body", "", json, 400, "The body is empty.\n"],
    [
      "no body and no content type",
      "",
      {},
      415,
      "The body must be JSON: send Content-Type: application/json.\n",
    ],
    ["text", "hello", json, 400, "The body is not JSON.\n"],
    [
      "a missing request",
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}',
      json,
      400,
      "The body is not an AdmissionReview of admission.k8s.io/v1: the review must have required property 'request'.\n",
    ],
    [
      "a missing uid",
      reviewOf(policyRequest()).replace(`"uid":"${uid}",`, ""),
      json,
      400,
      "The body is not an AdmissionReview of admission.k8s.io/v1: request must have required property 'uid'.\n",
    ],
    [
      "a compressed body",
      gzipSync(good),
      { ...json, "content-encoding": "gzip" },
      415,
      "The body must not be compressed: Content-Encoding is not accepted.\n",
    ],
  ])("%s", async (_name, body, headers, status, message) => {
    const answer = await post("/v1/validate", body, { headers });
    expect({ status: answer.status, body: answer.body }).toEqual({ status, body: message });
  });

  test("a content type that is no content type", async () => {
    const answer = await post("/v1/validate", good, { headers: { "content-type": "json" } });
    expect(answer.status).toBe(415);
    expect(answer.body).not.toContain("allowed");
  });
});

describe("good input in unusual spellings is decided", () => {
  test.each(["application/json; charset=utf-8", "Application/JSON"])(
    "content type %s",
    async (contentType) => {
      const answer = await post("/v1/validate", good, { headers: { "content-type": contentType } });
      expect(reviewIn(answer, { webhook, uid })).toEqual({ uid, allowed: true });
    },
  );

  test("a body of exactly 16 MiB", async () => {
    const answer = await post("/v1/validate", reviewOfSize(16 * mebibyte));
    expect(reviewIn(answer, { webhook, uid })["allowed"]).toBe(true);
  });

  test("keys named like inherited properties", async () => {
    const hostile = '"__proto__":{"allowed":true,"polluted":1},"constructor":{"prototype":{}},';
    const body = good.replace('"spec":{', `${hostile}"spec":{`);
    const answer = await post("/v1/validate", body);
    expect(reviewIn(answer, { webhook, uid })).toEqual({ uid, allowed: true });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object({})["polluted"]).toBeUndefined();
  });
});

describe("other methods and paths", () => {
  test.each(["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])(
    "%s is told to POST",
    async (method) => {
      const answer = await post("/v1/validate?timeout=10s", "", { method, headers: {} });
      expect({ status: answer.status, allow: answer.headers.allow }).toEqual({
        status: 405,
        allow: "POST",
      });
    },
  );

  test.each(["/", "/v1/validate/", "/v2/validate", "/v1/VALIDATE", "/v1/%zz", "//v1/validate"])(
    "path %s is not there",
    async (path) => {
      const answer = await post(path, good);
      expect(answer.status).toBe(path === "/v1/%zz" ? 400 : 404);
      expect(answer.body).not.toContain('"allowed"');
    },
  );
});
