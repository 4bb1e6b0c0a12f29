import { readFile } from "node:fs/promises";
import path from "node:path";
import { newClusters, newContexts, newUsers } from "@kubernetes/client-node/dist/config_types.js";
import type { Cluster, Context, User } from "@kubernetes/client-node/dist/config_types.js";
import { parse } from "yaml";

// The package's entry point loads every generated model (85 MiB, half a second); the modules
// imported by path here are its kubeconfig reader and its exec plugins alone.

/** Where to connect to and as whom, before any file of the user is read. */
export type Target = {
  /** What error messages call the place this came from. */
  readonly source: string;
  readonly cluster: Cluster;
  readonly user: User & UserExtras;
  readonly namespace: string | undefined;
};

/** Fields of a kubeconfig user that the borrowed reader leaves out. */
export type UserExtras = {
  readonly tokenFile?: string;
  readonly impersonateGroups?: readonly string[];
  /** Fields that would change who we are and that we cannot honour. */
  readonly unsupported?: readonly string[];
};

type Entries = {
  readonly clusters: readonly Cluster[];
  readonly users: readonly (User & UserExtras)[];
  readonly contexts: readonly Context[];
  readonly currentContext: string | undefined;
};

/** Reads a kubeconfig (a path, a path list, or the contents) and picks one context of it. */
export async function readKubeconfig(
  kubeconfig: string,
  context: string | undefined,
): Promise<Target> {
  if (isContents(kubeconfig)) return pick(parseEntries(kubeconfig, "kubeconfig"), context);
  const files = kubeconfig.split(path.delimiter).filter((file) => file !== "");
  const [first, ...others] = await Promise.all(files.map(readEntries));
  if (first === undefined) throw new Error('kubeconfig "" is not a path');
  return pick(others.reduce(merge, first), context);
}

/** A path has no line break and is no JSON. */
function isContents(kubeconfig: string): boolean {
  return kubeconfig.includes("\n") || kubeconfig.trimStart().startsWith("{");
}

type Sourced = Entries & { readonly source: string };

async function readEntries(file: string): Promise<Sourced> {
  const source = `kubeconfig ${file}`;
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new Error(`${source} cannot be read: ${messageOf(cause)}`, { cause });
  }
  return parseEntries(text, source, path.dirname(path.resolve(file)));
}

function parseEntries(text: string, source: string, folder?: string): Sourced {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (cause) {
    throw new Error(`${source} is not valid YAML: ${messageOf(cause)}`, { cause });
  }
  if (!isRecord(raw)) throw new Error(`${source} is empty or not a mapping`);
  try {
    const current = raw["current-context"];
    return {
      source,
      clusters: newClusters(raw["clusters"]).map((cluster) => absolute(cluster, folder)),
      users: usersOf(raw["users"], folder),
      contexts: newContexts(raw["contexts"]),
      currentContext: typeof current === "string" && current !== "" ? current : undefined,
    };
  } catch (cause) {
    throw new Error(`${source}: ${messageOf(cause)}`, { cause });
  }
}

function usersOf(raw: unknown, folder: string | undefined): readonly (User & UserExtras)[] {
  const entries: readonly unknown[] = Array.isArray(raw) ? raw : [];
  return newUsers(raw).map((user, index) => {
    const entry = entries[index];
    const fields = isRecord(entry) && isRecord(entry["user"]) ? entry["user"] : {};
    const { tokenFile, "as-groups": groups } = fields;
    const file = typeof tokenFile === "string" ? absolutePath(tokenFile, folder) : undefined;
    const unsupported = ["as-uid", "as-user-extra"].filter((field) => Object.hasOwn(fields, field));
    const extras = {
      ...(file === undefined ? {} : { tokenFile: file }),
      ...(Array.isArray(groups) ? { impersonateGroups: groups.map(String) } : {}),
      ...(unsupported.length > 0 ? { unsupported } : {}),
    };
    return Object.assign(absolute(user, folder), extras);
  });
}

/** File names in a kubeconfig are relative to it. */
function absolute<T extends object>(entry: T, folder: string | undefined): T {
  const files = ["caFile", "certFile", "keyFile"].flatMap((field) => {
    const file: unknown = Object.entries(entry).find(([key]) => key === field)?.[1];
    return typeof file === "string" ? [[field, absolutePath(file, folder)] as const] : [];
  });
  return { ...entry, ...Object.fromEntries(files) };
}

function absolutePath(file: string, folder: string | undefined): string {
  return folder === undefined ? file : path.resolve(folder, file);
}

/** Several files are one kubeconfig in which the first entry of a name counts. */
function merge(into: Sourced, next: Sourced): Sourced {
  return {
    source: `${into.source}, ${next.source}`,
    clusters: [...into.clusters, ...next.clusters],
    users: [...into.users, ...next.users],
    contexts: [...into.contexts, ...next.contexts],
    currentContext: into.currentContext ?? next.currentContext,
  };
}

function pick(entries: Sourced, wanted: string | undefined): Target {
  const { source } = entries;
  const name = wanted ?? entries.currentContext;
  if (name === undefined) throw new Error(`${source} has no current-context, and none was given`);
  const context = find(entries.contexts, name, "context", source);
  const user = context.user
    ? find(entries.users, context.user, "user", `${source}, context "${name}"`)
    : { name: "anonymous" };
  if (user.unsupported)
    throw new Error(
      `${source}: user "${user.name}" has ${user.unsupported.join(" and ")}, which is not supported; as and as-groups are`,
    );
  return {
    source,
    cluster: find(entries.clusters, context.cluster, "cluster", `${source}, context "${name}"`),
    user,
    namespace: context.namespace,
  };
}

function find<T extends { readonly name: string }>(
  entries: readonly T[],
  name: string,
  what: string,
  source: string,
): T {
  const found = entries.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  const names = entries.map((entry) => entry.name).join(", ") || "none";
  throw new Error(`${source}: ${what} "${name}" does not exist; there is: ${names}`);
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
