import { isDeepStrictEqual } from "node:util";
import type { AdmissionObject } from "../../src/api/admission.ts";
import { applyPatch } from "../support/reviewpatch.ts";

/** What was asked: the judge needs to know which rules hold for the answer. */
export type Asked = {
  readonly webhook: "validate" | "mutate" | "gate" | "namespaces";
  readonly uid: string;
  readonly object?: AdmissionObject | null;
};

const responseKeys: ReadonlySet<string> = new Set([
  "uid",
  "allowed",
  "status",
  "patchType",
  "patch",
  "auditAnnotations",
  "warnings",
]);

/** Everything about a review that an API server would not accept, or would drop without a word. */
export function judgeReview(asked: Asked, review: unknown): readonly string[] {
  if (!isObject(review)) return ["the answer is not a JSON object"];
  const problems: string[] = [];
  if (review["apiVersion"] !== "admission.k8s.io/v1") problems.push("apiVersion is wrong");
  if (review["kind"] !== "AdmissionReview") problems.push("kind is wrong");
  if (!isObject(review["response"])) return [...problems, "there is no response"];
  return [...problems, ...judgeResponse(asked, review["response"])];
}

/** The same for the response inside it. */
export function judgeResponse(asked: Asked, response: object): readonly string[] {
  const fields = new Map<string, unknown>(Object.entries(response));
  const problems: string[] = [];
  if (fields.get("uid") !== asked.uid) problems.push("the uid is not that of the request");
  const isAllowed = fields.get("allowed");
  if (typeof isAllowed !== "boolean") problems.push("allowed is not a boolean");
  for (const [key, value] of fields) {
    if (!responseKeys.has(key)) problems.push(`unknown field ${key}`);
    if (value === undefined) problems.push(`field ${key} is undefined`);
  }
  return [
    ...problems,
    ...judgeStatus(isAllowed === true, fields.get("status")),
    ...judgePatch(asked, fields.get("patchType"), fields.get("patch")),
    ...judgeWarnings(fields.get("warnings")),
    ...judgeAnnotations(fields.get("auditAnnotations")),
  ];
}

function judgeStatus(isAllowed: boolean, status: unknown): readonly string[] {
  if (isAllowed) return status === undefined ? [] : ["an allowed answer has a status"];
  if (!isObject(status)) return ["a denial has no status"];
  const { code, reason, message } = status;
  const problems: string[] = [];
  if (!Number.isInteger(code) || Number(code) < 400) problems.push("the code is not an error");
  if (typeof reason !== "string" || reason === "") problems.push("a denial has no reason");
  if (typeof message !== "string" || message === "") problems.push("a denial has no message");
  else if (!message.isWellFormed()) problems.push("the message is not valid UTF-8");
  return problems;
}

function judgePatch(asked: Asked, patchType: unknown, patch: unknown): readonly string[] {
  if (patch === undefined && patchType === undefined) return [];
  if (asked.webhook !== "mutate") return [`a ${asked.webhook} answer has a patch`];
  if (patchType !== "JSONPatch") return ["a patch needs the patchType JSONPatch"];
  if (typeof patch !== "string" || patch === "") return ["patch and patchType come together"];
  const bytes = Buffer.from(patch, "base64");
  if (bytes.toString("base64") !== patch) return ["the patch is not base64"];
  const operations: unknown = JSON.parse(bytes.toString("utf8"));
  if (!Array.isArray(operations)) return ["the patch is not a list"];
  if (operations.length === 0) return ["the patch is empty"];
  if (operations.some((operation) => isObject(operation) && operation["op"] === "test")) {
    return ["the patch has a test operation, which can reject the request"];
  }
  try {
    const once = applyPatch(asked.object, operations);
    const problems = isDeepStrictEqual(once, asked.object) ? ["the patch changes nothing"] : [];
    return isDeepStrictEqual(applyPatch(once, operations), once)
      ? problems
      : [...problems, "the patch is not idempotent"];
  } catch (error) {
    return [`the patch does not apply: ${String(error)}`];
  }
}

function judgeWarnings(warnings: unknown): readonly string[] {
  if (warnings === undefined) return [];
  if (!Array.isArray(warnings) || warnings.length === 0) return ["warnings are not a filled list"];
  const problems: string[] = [];
  if (warnings.length > 10) problems.push("there are more than ten warnings");
  if (new Set(warnings).size < warnings.length) problems.push("a warning is there twice");
  let total = 0;
  for (const warning of warnings) {
    if (typeof warning !== "string" || warning === "") return ["a warning is not text"];
    const length = Array.from(warning).length;
    total += length;
    if (length > 256) problems.push("a warning would be cut");
    if (/\p{Cc}/u.test(warning)) problems.push("a warning with control characters is dropped");
    if (!warning.isWellFormed()) problems.push("a warning is not valid UTF-8");
  }
  return total > 4_096 ? [...problems, "the warnings exceed 4,096 characters"] : problems;
}

function judgeAnnotations(annotations: unknown): readonly string[] {
  if (annotations === undefined) return [];
  if (!isObject(annotations)) return ["auditAnnotations is not an object"];
  return Object.entries(annotations).flatMap(([key, value]) => {
    if (!/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(key)) return [`bad key ${key}`];
    return typeof value === "string" ? [] : [`annotation ${key} is not a string`];
  });
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
