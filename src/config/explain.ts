import type { ErrorObject } from "ajv";

import { type Problem, show } from "./problem.ts";
import { suggest } from "./suggest.ts";

/** Turns the validator's errors into sentences that name path, value and what is allowed. */
export function explain(errors: readonly ErrorObject[]): Problem[] {
  const telling = errors.filter((error) => !isNoise(error, errors));
  // Saying too much is better than refusing a file without a reason.
  return (telling.length > 0 ? telling : errors).map((error) => toProblem(error));
}

/** Errors that only repeat another one: the branches of a failed choice, or the choice itself. */
function isNoise(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  if (error.keyword === "propertyNames") return true;
  if (error.keyword === "type" && all.some((other) => listsValues(other, error))) return true;
  if (error.keyword === "anyOf" && all.some((other) => isInside(other, error))) return true;
  return all.some((choice) => isBranchOf(error, choice) && !isInside(error, choice));
}

/** True for the better half of the pair "wrong type" and "not one of these values". */
function listsValues(error: ErrorObject, wrongType: ErrorObject): boolean {
  return error.keyword === "enum" && error.instancePath === wrongType.instancePath;
}

function isBranchOf(error: ErrorObject, choice: ErrorObject): boolean {
  return (
    choice.keyword === "anyOf" &&
    error.schemaPath.startsWith(`${choice.schemaPath}/`) &&
    `${error.instancePath}/`.startsWith(`${choice.instancePath}/`)
  );
}

/** True when this branch of the choice was meant: the value has its type, its content is wrong. */
function isInside(error: ErrorObject, choice: ErrorObject): boolean {
  if (!isBranchOf(error, choice) || error.keyword === "anyOf") return false;
  if (error.instancePath !== choice.instancePath) return true;
  return error.keyword !== "type" && error.keyword !== "const";
}

function toProblem(error: ErrorObject): Problem {
  const at = segments(error.instancePath);
  if (error.keyword === "additionalProperties") {
    return unknownKey(at, String(error.params["additionalProperty"]), error);
  }
  if (error.keyword === "required") {
    const missing = String(error.params["missingProperty"]);
    const wanted = read(read(read(error.parentSchema, "properties"), missing), "const");
    const hint = wanted === undefined ? "" : `: write ${missing}: ${text(wanted)}`;
    return { at: [...at, missing], message: `is missing${hint}` };
  }
  if (error.propertyName !== undefined) {
    const key = error.propertyName;
    const message = `the key ${show(key)} must be ${text(read(error.parentSchema, "title"))}`;
    return { at: [...at, key], value: key, message };
  }
  return { at, value: error.data, message: `${show(error.data)} ${complaint(error)}` };
}

function complaint(error: ErrorObject): string {
  const title = read(error.parentSchema, "title");
  if (typeof title === "string" && error.instancePath !== "") return `must be ${title}`;
  switch (error.keyword) {
    case "enum": {
      const allowed: unknown = error.params["allowedValues"];
      const words = Array.isArray(allowed) ? allowed.map((word) => text(word)) : [];
      return `is not allowed: use one of ${words.join(", ")}`;
    }
    case "const":
      return `is not allowed: it must be ${text(error.params["allowedValue"])}`;
    case "type":
      return `must be ${nounOf(text(error.params["type"]))}`;
    case "minItems":
      return "must have at least one entry";
    case "minimum":
    case "maximum":
      return `must be a whole number from ${text(read(error.parentSchema, "minimum"))} to ${text(read(error.parentSchema, "maximum"))}`;
    default:
      return error.message ?? "is not allowed";
  }
}

function unknownKey(at: readonly string[], key: string, error: ErrorObject): Problem {
  const known = Object.keys(read(error.parentSchema, "properties") ?? {});
  const guess = suggest(key, known);
  const hint = guess === undefined ? "" : ` (did you mean ${guess}?)`;
  return {
    at: [...at, key],
    value: read(error.data, key),
    message: `unknown key${hint}; allowed here: ${known.join(", ")}`,
  };
}

function nounOf(type: string): string {
  const nouns = new Map([
    ["array", "a list"],
    ["object", "a mapping"],
    ["integer", "a whole number"],
    ["string", "text (in quotes)"],
  ]);
  return nouns.get(type) ?? `of type ${type}`;
}

/** An own property of something that may or may not be an object. */
function read(record: unknown, key: string): unknown {
  if (typeof record !== "object" || record === null || !Object.hasOwn(record, key))
    return undefined;
  return Reflect.get(record, key);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : show(value);
}

function segments(instancePath: string): string[] {
  return instancePath
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
