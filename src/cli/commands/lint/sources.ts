import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";

/** A text to read, or why there is none. */
export type Source =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly problem: string };

/** More than any set of manifests, and less than a text of this runtime can hold. */
const maxBytes = 256 * 1024 * 1024;

const manifestName = /\.(ya?ml|json)$/i;

/** What the paths name: files, folders with everything below, `-`. Nothing is read twice. */
export async function readSources(
  paths: readonly string[],
  stdin: () => Promise<Uint8Array>,
): Promise<readonly Source[]> {
  const seen = new Set<string>();
  const sources: Source[] = [];
  for (const path of paths) {
    if (path !== "-") sources.push(...readPath(path, seen));
    else if (!seen.has(path)) sources.push(decode("<stdin>", await stdin()));
    if (path === "-") seen.add(path);
  }
  return sources;
}

function readPath(path: string, seen: Set<string>): readonly Source[] {
  try {
    if (!statSync(path).isDirectory()) return readOnce(path, seen);
  } catch (error) {
    return [unread(path, error)];
  }
  const before = seen.size;
  const sources = readFolder(path, seen);
  if (sources.length > 0 || seen.size > before + 1) return sources;
  // Most likely a path that was mistyped: silence would look like success.
  const known = before === seen.size ? "was given before" : "holds no *.yaml, *.yml or *.json file";
  return known === "was given before" ? [] : [{ file: path, problem: known }];
}

/** Folders are recognised by where they really are, so that links in circles come to an end. */
function readFolder(folder: string, seen: Set<string>): readonly Source[] {
  try {
    const real = realpathSync(folder);
    if (seen.has(real)) return [];
    seen.add(real);
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return readFolder(path, seen);
        if (entry.isSymbolicLink()) return readLink(path, seen);
        return entry.isFile() && manifestName.test(entry.name) ? readOnce(path, seen) : [];
      });
  } catch (error) {
    return [unread(folder, error)];
  }
}

/** A link counts when it leads to a folder or is called like a manifest. */
function readLink(path: string, seen: Set<string>): readonly Source[] {
  try {
    const target = statSync(path);
    if (target.isDirectory()) return readFolder(path, seen);
    return target.isFile() && manifestName.test(path) ? readOnce(path, seen) : [];
  } catch (error) {
    return [unread(path, error)];
  }
}

function readOnce(path: string, seen: Set<string>): readonly Source[] {
  try {
    const real = realpathSync(path);
    if (seen.has(real)) return [];
    seen.add(real);
    if (statSync(path).size > maxBytes) return [tooLarge(path)];
    return [decode(path, readFileSync(path))];
  } catch (error) {
    return [unread(path, error)];
  }
}

function decode(file: string, bytes: Uint8Array): Source {
  if (bytes.length > maxBytes) return tooLarge(file);
  try {
    // Without a byte order mark.
    return { file, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { file, problem: "is not UTF-8" };
  }
}

function tooLarge(file: string): Source {
  return { file, problem: "is larger than 256 MiB: split it" };
}

function unread(file: string, error: unknown): Source {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reasons = new Map([
    ["ENOENT", "does not exist"],
    ["EACCES", "may not be read: permission denied"],
    ["ELOOP", "is a link that leads to itself"],
  ]);
  const why = error instanceof Error ? error.message : String(error);
  return { file, problem: reasons.get(code) ?? `cannot be read: ${why}` };
}
