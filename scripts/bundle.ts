import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { build } from "esbuild";

/**
 * Bundles the program and everything it needs into one folder, so that the image holds no package
 * manager and no node_modules: `ringfence.mjs`, and what only some commands need in files beside it,
 * which are read when they run. Nothing is minified: stack traces are part of support.
 */
export async function bundle(entry: string, outdir: string): Promise<void> {
  // What an earlier version needed would stay behind.
  for (const name of await readdir(outdir).catch(() => [])) {
    if (name.endsWith(".mjs")) await rm(join(outdir, name));
  }
  await build({
    entryPoints: { ringfence: entry },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node24",
    charset: "utf8",
    legalComments: "inline",
    logLevel: "warning",
    // CommonJS packages call `require` for Node's own modules; an ES module has none.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      entry: { type: "string", default: "src/main.ts" },
      outdir: { type: "string", default: "dist" },
    },
  });
  await bundle(values.entry, values.outdir);
  const names = (await readdir(values.outdir)).filter((name) => name.endsWith(".mjs"));
  const sizes = await Promise.all(names.map((name) => stat(join(values.outdir, name))));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  process.stdout.write(`${values.outdir}  ${(bytes / 1024 / 1024).toFixed(1)} MiB\n`);
}
