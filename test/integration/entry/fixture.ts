import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";

const repository = resolve(import.meta.dirname, "../../..");

/** The Node.js that a user has: the first on the PATH that is not a package of this project. */
export function systemNode(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const own = folders.filter((folder) => !folder.includes("node_modules"));
  const found = own.map((folder) => join(folder, "node")).find((file) => existsSync(file));
  return found === undefined ? process.execPath : realpathSync(found);
}

/** A checkout with our entry, one package called node, and programs that say how they were run. */
export function createCheckout(): string {
  const root = mkdtempSync(join(tmpdir(), "ringfence-checkout-"));
  for (const folder of ["scripts/run", "src"]) mkdirSync(join(root, folder), { recursive: true });
  cpSync(join(repository, "scripts/run.mjs"), join(root, "scripts/run.mjs"));
  for (const file of ["entry", "install", "launch", "runtime"]) {
    cpSync(join(repository, `scripts/run/${file}.mjs`), join(root, `scripts/run/${file}.mjs`));
  }
  writeFileSync(
    join(root, "src/main.ts"),
    [
      "const [first, ...rest]: readonly string[] = process.argv.slice(2);",
      'console.log("node", process.versions.node, first, JSON.stringify(rest));',
      'if (rest[0] === "wait") setInterval(() => undefined, 1000);',
      "else process.exitCode = Number(rest[0] ?? 0);",
      'process.on("SIGTERM", () => process.exit(42));',
    ].join("\n"),
  );
  writeLock(root, "1");
  return root;
}

/** Packs the package `node`, whose install script brings the Node.js we run on, and locks it. */
export function writeLock(root: string, flavour: string): void {
  const { node: version } = process.versions;
  const folder = join(root, "packed", "package");
  mkdirSync(folder, { recursive: true });
  const scripts = { preinstall: "node installArchSpecificPackage" };
  const manifest = { name: "node", version, flavour, scripts };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(
    join(folder, "installArchSpecificPackage.js"),
    `const { mkdirSync, symlinkSync } = require("node:fs");
mkdirSync("bin", { recursive: true });
symlinkSync(${JSON.stringify(process.execPath)}, "bin/node");`,
  );
  spawnSync("tar", ["-czf", join(root, "node.tgz"), "-C", dirname(folder), "package"]);
  const integrity = `sha512-${createHash("sha512")
    .update(readFileSync(join(root, "node.tgz")))
    .digest("base64")}`;
  const devDependencies = { node: "file:node.tgz" };
  const own = { name: "checkout", version: "1.0.0", devDependencies };
  const locked = {
    version,
    resolved: "file:node.tgz",
    integrity,
    dev: true,
    hasInstallScript: true,
  };
  writeFileSync(
    join(root, "package.json"),
    JSON.stringify({ ...own, type: "module", allowScripts: { node: true } }),
  );
  writeFileSync(
    join(root, "package-lock.json"),
    JSON.stringify({
      ...own,
      lockfileVersion: 3,
      requires: true,
      packages: { "": own, "node_modules/node": locked },
    }),
  );
}

export type EntryRun = Readonly<{ code: number | null; stdout: string; stderr: string }>;

/** Starts our entry in a checkout as npm does, with the user's Node.js and without a network. */
export function startEntry(
  root: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  nodeArguments: readonly string[] = [],
): ChildProcess {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return spawn(systemNode(), [...nodeArguments, "scripts/run.mjs", ...args], {
    cwd: root,
    env: {
      PATH: folders.filter((folder) => !folder.includes("node_modules")).join(delimiter),
      HOME: root,
      npm_config_offline: "true",
      npm_config_cache: join(root, "npm-cache"),
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Waits for the end of an entry and what it said. */
export async function finish(child: ChildProcess): Promise<EntryRun> {
  if (child.stdout === null || child.stderr === null) throw new Error("started without pipes");
  const { promise, resolve: settle } = Promise.withResolvers<number | null>();
  child.once("close", settle);
  const [code, stdout, stderr] = await Promise.all([
    promise,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}
