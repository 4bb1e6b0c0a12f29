import { ApiError, ConnectionError } from "./apierror.ts";
import { lines } from "./lines.ts";
import type { KubeObject } from "./object.ts";

/** One line of a watch. A BOOKMARK carries nothing but a resourceVersion. */
export type WatchEvent<T = KubeObject> = {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: T;
};

/** Parses the body of a watch; an ERROR event ends it with an ApiError. */
export async function* watchEvents(
  request: string,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<WatchEvent> {
  try {
    for await (const line of lines(body)) yield parseEvent(request, line);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ConnectionError(request, error);
  }
}

function parseEvent(request: string, line: string): WatchEvent {
  const event: { readonly type?: unknown; readonly object?: KubeObject } = JSON.parse(line);
  const { type, object } = event;
  if (type === "ERROR") throw new ApiError(request, statusCode(object), object);
  const known =
    type === "ADDED" || type === "MODIFIED" || type === "DELETED" || type === "BOOKMARK";
  if (!known || typeof object?.metadata !== "object")
    throw new Error(`a watch event of type ${JSON.stringify(type)} cannot be read`);
  return { type, object };
}

function statusCode(object: KubeObject | undefined): number {
  const code = object?.["code"];
  return typeof code === "number" ? code : 500;
}
