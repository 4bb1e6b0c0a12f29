import type { IncomingMessage } from "node:http";
import type { Address } from "./address.ts";

export type Verb =
  | "get"
  | "list"
  | "watch"
  | "create"
  | "replace"
  | "apply"
  | "patch"
  | "delete"
  | "other";

/** A request as it arrived, for assertions. */
export type SeenRequest = {
  readonly verb: Verb;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** The bytes of the body, untouched. */
  readonly body: Buffer;
};

/** Reads a request to its end. */
export async function readRequest(
  message: IncomingMessage,
  address: (path: string) => Address | undefined,
): Promise<SeenRequest> {
  const url = new URL(message.url ?? "/", "http://fake");
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const { method = "GET", headers } = message;
  const verb = verbOf(method, url.searchParams, headers["content-type"], address(url.pathname));
  const body = Buffer.concat(chunks);
  return { verb, method, path: url.pathname, query: url.searchParams, headers, body };
}

function verbOf(
  method: string,
  query: URLSearchParams,
  contentType: string | undefined,
  address: Address | undefined,
): Verb {
  if (address === undefined) return "other";
  if (method === "GET" && query.get("watch") === "true") return "watch";
  if (method === "GET") return address.name === undefined ? "list" : "get";
  if (method === "POST") return "create";
  if (method === "PUT") return "replace";
  if (method === "DELETE") return "delete";
  return contentType?.includes("apply-patch") ? "apply" : "patch";
}
