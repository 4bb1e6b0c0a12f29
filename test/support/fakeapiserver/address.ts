/** What a URL path means to an API server. */
export type Address = {
  /** `v1`, or `group/version`. */
  readonly apiVersion: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
};

/** Undefined for paths that are no collection and no object, such as `/version`. */
export function parseAddress(path: string): Address | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  const group = parts[0] === "apis";
  if (!group && parts[0] !== "api") return undefined;
  const apiVersion = parts.slice(1, group ? 3 : 2).join("/");
  const rest = parts.slice(group ? 3 : 2).map(decodeURIComponent);
  const [first, second, third, ...more] = rest;
  if (first === undefined) return undefined;
  const ownSubresource = third === "status" || third === "finalize";
  if (first === "namespaces" && third !== undefined && !ownSubresource) {
    const [name, subresource] = more;
    return { apiVersion, plural: third, namespace: second, name, subresource };
  }
  return { apiVersion, plural: first, namespace: undefined, name: second, subresource: third };
}

/** Key of a collection over all namespaces. */
export function collectionOf({ apiVersion, plural }: Address): string {
  return `${apiVersion}/${plural}`;
}
