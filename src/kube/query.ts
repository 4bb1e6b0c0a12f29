export type Query = { readonly [name: string]: string | undefined };

/** Appends the parameters that have a value. */
export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  if (given.length === 0) return path;
  return `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams(given).toString()}`;
}
