import { isRecord } from "./record.ts";

/**
 * The API server writes the request's uid before anything that its user wrote. No repetition in
 * this expression can match what its neighbour matches, so it takes linear time.
 */
const uidAtTheStart = /"request"\s*:\s*\{\s*"uid"\s*:\s*"([0-9A-Za-z-]{1,64})"/;

/** How much of an unreadable body is searched for its uid. */
export const headBytes = 4_096;

/** The uid in the first bytes of a review that cannot be parsed. */
export function findUid(head: Buffer): string | undefined {
  return uidAtTheStart.exec(head.subarray(0, headBytes).toString("latin1"))?.[1];
}

/** The uid of parsed JSON that is not a review, as far as it has one that can be echoed. */
export function uidOf(value: unknown): string | undefined {
  if (!isRecord(value) || !Object.hasOwn(value, "request")) return undefined;
  const { request } = value;
  if (!isRecord(request) || !Object.hasOwn(request, "uid")) return undefined;
  const { uid } = request;
  return typeof uid === "string" && uid !== "" && uid.length <= 256 ? uid : undefined;
}
