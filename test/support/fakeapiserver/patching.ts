import type { Operation } from "../../../src/api/jsonpatch.ts";

type Json = { [key: string]: unknown };

/** RFC 7386. */
export function mergePatch<T>(target: T, patch: object): T {
  const patched: T = JSON.parse(JSON.stringify(merged(target, patch)));
  return patched;
}

function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** RFC 6902, `add`, `replace` and `remove`. */
export function jsonPatch<T>(target: T, operations: readonly Operation[]): T {
  const document = structuredClone(target);
  for (const operation of operations) {
    const path = operation.path.split("/").slice(1).map(unescape);
    const last = path.pop() ?? "";
    const parent = path.reduce<unknown>(step, document);
    if (Array.isArray(parent)) editArray(parent, last, operation);
    else if (isObject(parent)) editObject(parent, last, operation);
    else throw new Error(`${operation.path} has no parent`);
  }
  return document;
}

/** Enough of server-side apply for one manager: maps merge, everything else is replaced. */
export function applyOnto<T>(target: T, applied: T): T {
  const result: T = JSON.parse(JSON.stringify(overlaid(target, applied)));
  return result;
}

function overlaid(target: unknown, applied: unknown): unknown {
  if (!isObject(target) || !isObject(applied)) return applied;
  const result: Json = { ...target };
  for (const [key, value] of Object.entries(applied)) result[key] = overlaid(result[key], value);
  return result;
}

function editArray(parent: unknown[], last: string, operation: Operation): void {
  const index = last === "-" ? parent.length : Number(last);
  if (operation.op === "add") parent.splice(index, 0, operation.value);
  else if (operation.op === "remove") parent.splice(index, 1);
  else parent[index] = operation.value;
}

function editObject(parent: Json, last: string, operation: Operation): void {
  if (operation.op !== "add" && !Object.hasOwn(parent, last))
    throw new Error(`${operation.path} does not exist`);
  if (operation.op === "remove") delete parent[last];
  else parent[last] = operation.value;
}

function step(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) ? value[key] : undefined;
}

function unescape(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
