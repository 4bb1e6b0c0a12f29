import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

import { format, type FormatConfig } from "oxfmt";

import type { GeneratedFile } from "./generate/file.ts";

const root = new URL("../", import.meta.url);

/** Every generated file as it has to be on disk, in the order of paths. */
export async function generated(): Promise<readonly GeneratedFile[]> {
  const options = await formatOptions();
  const files: GeneratedFile[] = [];
  for (const generate of await generators()) files.push(...(await generate()));
  const formatted = await Promise.all(files.map((file) => formatFile(file, options)));
  return formatted.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The generated files that are missing on disk or differ from what they have to be. */
export async function stale(): Promise<readonly GeneratedFile[]> {
  const compared = (await generated()).map(async (file) =>
    (await contentOf(file.path)) === file.content ? [] : [file],
  );
  return (await Promise.all(compared)).flat();
}

type Generator = () => readonly GeneratedFile[] | Promise<readonly GeneratedFile[]>;

/** Whatever in `scripts/generate` exports a function `generate`. */
async function generators(): Promise<readonly Generator[]> {
  const names = (await readdir(new URL("scripts/generate", root))).toSorted();
  const modules = names.map(async (name) => {
    const module: { readonly generate?: Generator } = await import(
      new URL(`scripts/generate/${name}`, root).href
    );
    return module.generate === undefined ? [] : [module.generate];
  });
  return (await Promise.all(modules)).flat();
}

/** The formatter cannot read templates; they stay as they were made. */
async function formatFile(file: GeneratedFile, options: FormatConfig): Promise<GeneratedFile> {
  const { path, content } = file;
  if (/^charts\/.*\/templates\//.test(path)) return file;
  const { code, errors } = await format(path, content, options);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path} cannot be formatted: ${error.message}`);
  return { path, content: code };
}

async function formatOptions(): Promise<FormatConfig> {
  const text = await readFile(new URL(".oxfmtrc.json", root), "utf8");
  const { ignorePatterns: _files, ...options } = JSON.parse(text);
  return options;
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(new URL(path, root), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function write({ path, content }: GeneratedFile): Promise<void> {
  const file = new URL(path, root);
  await mkdir(dirname(file.pathname), { recursive: true });
  await writeFile(file, content);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const files = await stale();
  if (!values.check) await Promise.all(files.map(write));
  for (const { path } of files) process.stdout.write(`${path}\n`);
  if (values.check && files.length > 0) {
    process.stderr.write("these files differ: run `npm run generate`\n");
    process.exitCode = 1;
  }
}
