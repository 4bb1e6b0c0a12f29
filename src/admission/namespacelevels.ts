import { parseNamespacePolicy, type NamespacePolicy } from "../engine/namespacepolicy.ts";
import { readNamespaceLabels } from "./namespacelabels.ts";
import type { NamespaceGetter } from "./ports.ts";

/** The levels that hold in a namespace, and what was wrong on the way to them. */
export type FoundNamespacePolicy = {
  readonly namespacePolicy: NamespacePolicy;
  readonly errors: readonly string[];
  readonly error?: unknown;
};

/** Where nobody can tell what a namespace demands, enforce demands everything. */
const strictest: NamespacePolicy = {
  enforce: { level: "restricted", version: "latest" },
  audit: { level: "privileged", version: "latest" },
  warn: { level: "privileged", version: "latest" },
};

/** Reads and parses a namespace's levels; always ends with some to judge by. */
export async function findNamespacePolicy(
  deps: { readonly namespaces: NamespaceGetter; readonly defaults: NamespacePolicy },
  namespace: string,
  signal: AbortSignal,
): Promise<FoundNamespacePolicy> {
  const read = await readNamespaceLabels(deps.namespaces, namespace, signal);
  if ("unknown" in read) {
    const { unknown, ...details } = read;
    const text = `the labels of namespace ${JSON.stringify(namespace)} are unknown (${unknown}): the strictest level, restricted, is enforced`;
    return { namespacePolicy: strictest, errors: [text], ...details };
  }
  const { namespacePolicy, errors } = parseNamespacePolicy(read.labels, deps.defaults);
  return {
    namespacePolicy,
    errors: errors.map(
      ({ label, value, message }) =>
        `namespace ${JSON.stringify(namespace)}, label ${label}: ${JSON.stringify(value)}: ${message}`,
    ),
  };
}
