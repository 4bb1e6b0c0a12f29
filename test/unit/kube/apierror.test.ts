import { expect, test } from "vitest";
import { ApiError, hasStatus } from "../../../src/kube/apierror.ts";

test("a Status object gives message, reason and causes", () => {
  const error = new ApiError("POST /x", 403, {
    kind: "Status",
    message: "no",
    reason: "Forbidden",
    details: { causes: [{ reason: "NamespaceTerminating", field: "metadata.namespace" }] },
  });
  expect(error).toMatchObject({
    message: "no",
    reason: "Forbidden",
    status: 403,
    request: "POST /x",
    retryAfterSeconds: undefined,
    causes: [{ reason: "NamespaceTerminating", field: "metadata.namespace" }],
  });
});

test("Retry-After comes from the header, else from the Status", () => {
  const status = { details: { retryAfterSeconds: 7 } };
  expect(new ApiError("GET /x", 429, status).retryAfterSeconds).toBe(7);
  expect(new ApiError("GET /x", 429, status, "2").retryAfterSeconds).toBe(2);
  expect(new ApiError("GET /x", 429, status, "Wed, 21 Oct 2026").retryAfterSeconds).toBe(7);
});

test("an answer that is no Status is quoted in short, or described", () => {
  expect(new ApiError("GET /x", 502, "bad gateway\n").message).toBe("bad gateway");
  expect(new ApiError("GET /x", 502, "x".repeat(9999)).message).toHaveLength(500);
  expect(new ApiError("GET /x", 500, null).message).toBe("the API server answered 500");
});

test("hasStatus is about API errors alone", () => {
  expect(hasStatus(new ApiError("GET /x", 409, {}), 404, 409)).toBe(true);
  expect(hasStatus(new ApiError("GET /x", 409, {}), 404)).toBe(false);
  expect(hasStatus(Object.assign(new Error("x"), { status: 409 }), 409)).toBe(false);
});
