import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";

/** Something that was asked for and is not there. */
export type PathProblem = { readonly file: string; readonly problem: string };

const manifestName = /\.(ya?ml|json)$/i;

/** The files that a path stands for: itself, or the manifests of a folder and of those below. */
export function findFiles(path: string): readonly (string | PathProblem)[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
  } catch (error) {
    return [problemOf(path, error)];
  }
  const files = walk(path, new Set());
  // Most likely a path that was mistyped: silence would look like success.
  const problem = "holds no *.yaml, *.yml or *.json file";
  return files.length > 0 ? files : [{ file: path, problem }];
}

/** Folders are recognised by where they really are, so that links in circles come to an end. */
function walk(folder: string, seen: Set<string>): readonly (string | PathProblem)[] {
  try {
    const real = realpathSync(folder);
    if (seen.has(real)) return [];
    seen.add(real);
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return walk(path, seen);
        if (entry.isSymbolicLink()) return follow(path, seen);
        return entry.isFile() && manifestName.test(entry.name) ? [path] : [];
      });
  } catch (error) {
    return [problemOf(folder, error)];
  }
}

/** A link counts when it leads to a folder or is called like a manifest. */
function follow(path: string, seen: Set<string>): readonly (string | PathProblem)[] {
  try {
    const target = statSync(path);
    if (target.isDirectory()) return walk(path, seen);
    return target.isFile() && manifestName.test(path) ? [path] : [];
  } catch (error) {
    return [problemOf(path, error)];
  }
}

const reasons = new Map([
  ["ENOENT", "does not exist"],
  ["EACCES", "may not be read: permission denied"],
  ["ELOOP", "is a link that leads to itself"],
]);

/** Why a file cannot be read, in plain words. */
export function problemOf(file: string, error: unknown): PathProblem {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const why = error instanceof Error ? error.message : String(error);
  return { file, problem: reasons.get(code) ?? `cannot be read: ${why}` };
}
