import { stat } from "node:fs/promises";
import { parseArgs } from "node:util";

import { build } from "esbuild";

/**
 * Bundles the program and everything it needs into one file, so that the image holds no package
 * manager and no node_modules. Nothing is minified: stack traces are part of support.
 */
export async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
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
      outfile: { type: "string", default: "dist/ringfence.mjs" },
    },
  });
  await bundle(values.entry, values.outfile);
  const { size } = await stat(values.outfile);
  process.stdout.write(`${values.outfile}  ${(size / 1024 / 1024).toFixed(1)} MiB\n`);
}
