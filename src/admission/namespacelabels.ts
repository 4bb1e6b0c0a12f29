import type { Labels } from "../api/meta.ts";
import type { NamespaceGetter } from "./ports.ts";

/** The labels of a namespace, or why they are not known. */
export type NamespaceLabels =
  | { readonly labels: Labels }
  | { readonly unknown: string; readonly error?: unknown };

const none: Labels = {};

/** Reads a namespace's labels; whatever goes wrong is a value, for which the caller has a safe side. */
export async function readNamespaceLabels(
  namespaces: NamespaceGetter,
  name: string,
  signal: AbortSignal,
): Promise<NamespaceLabels> {
  try {
    const namespace = await namespaces.get(name, signal);
    if (namespace === undefined) return { unknown: "the API server does not know it" };
    return { labels: namespace.metadata.labels ?? none };
  } catch (error) {
    return { unknown: readFailure(signal), error };
  }
}

/** Why a read failed, in the words of a warning. */
export function readFailure(signal: AbortSignal): string {
  return signal.aborted
    ? "the API server did not answer in time"
    : "the API server could not be asked";
}
