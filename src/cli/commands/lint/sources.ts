import { readFileSync, realpathSync, statSync } from "node:fs";
import { findFiles, type PathProblem, problemOf } from "./paths.ts";

/** A text to read, or why there is none. */
export type Source = { readonly file: string; readonly text: string } | PathProblem;

/** More than any set of manifests, and less than a text of this runtime can hold. */
const maxBytes = 256 * 1024 * 1024;

/** What the paths name: files, folders with everything below, `-`. Nothing is read twice. */
export async function readSources(
  paths: readonly string[],
  stdin: () => Promise<Uint8Array>,
): Promise<readonly Source[]> {
  const seen = new Set<string>();
  const sources: Source[] = [];
  for (const path of paths) {
    if (path !== "-") {
      for (const file of findFiles(path)) sources.push(...readFile(file, seen));
      continue;
    }
    if (!seen.has(path)) sources.push(decode("<stdin>", await stdin()));
    seen.add(path);
  }
  return sources;
}

function readFile(file: string | PathProblem, seen: Set<string>): readonly Source[] {
  if (typeof file !== "string") return [file];
  try {
    const status = statSync(file);
    // A pipe of the shell's has no place of its own, and can be read but once anyway.
    const real = status.isFile() ? realpathSync(file) : file;
    if (seen.has(real)) return [];
    seen.add(real);
    return [status.size > maxBytes ? tooLarge(file) : decode(file, readFileSync(file))];
  } catch (error) {
    return [problemOf(file, error)];
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

function tooLarge(file: string): PathProblem {
  return { file, problem: "is larger than 256 MiB: split it" };
}
