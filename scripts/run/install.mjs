import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { launch } from "./launch.mjs";

/** Makes node_modules what package-lock.json says, only when it is not; false when that failed. */
export async function install(root) {
  if (mismatch(root) === undefined) return true;
  const release = await acquire(resolve(root, ".cache/installing"));
  try {
    // Whoever held the lock may have done it.
    const reason = mismatch(root);
    if (reason === undefined) return true;
    console.error(`Installing packages with npm, once (${reason}) ...`);
    const started = Date.now();
    const [file, args] = npmCommand();
    const code = await launch(file, [...args, "ci", "--include=dev", "--loglevel=notice"], {
      cwd: root,
      // What npm says goes to standard error: the program's own output stays clean.
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32" && args.length === 0,
    });
    if (code === 0) {
      console.error(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
      return true;
    }
    console.error(
      `npm ci ended with ${code}: packages are missing. Look at the lines above, then run this command again.`,
    );
    return false;
  } finally {
    release();
  }
}

/**
 * Why node_modules is not what package-lock.json says; undefined when it is.
 * npm writes node_modules/.package-lock.json last, so an interrupted install has none or an old one.
 */
export function mismatch(root) {
  const wanted = packagesOf(resolve(root, "package-lock.json"));
  const present = packagesOf(resolve(root, "node_modules/.package-lock.json"));
  if (wanted === undefined) throw new Error(`${root} has no readable package-lock.json`);
  if (present === undefined) return "nothing is installed yet";
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "") continue;
    const installed = present[path];
    // Packages for other platforms are in the lock file and not on this machine.
    const isForSome = entry.optional || entry.os || entry.cpu || entry.libc;
    if (installed === undefined && isForSome) continue;
    if (installed === undefined) return `${path} is missing`;
    if (installed.version !== entry.version || installed.integrity !== entry.integrity) {
      return `${path} has another version`;
    }
    if (!existsSync(resolve(root, path))) return `${path} was removed`;
  }
  return undefined;
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** The npm that started us, or else the one on the PATH. */
function npmCommand() {
  const own = process.env.npm_execpath ?? "";
  return own.endsWith("npm-cli.js") ? [process.execPath, [own]] : ["npm", []];
}

/** Holds a lock file, so that two commands started together do not both install. */
async function acquire(file) {
  mkdirSync(dirname(file), { recursive: true });
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isOwnerGone(file)) rmSync(file, { force: true });
    else await new Promise((wake) => setTimeout(wake, 500));
  }
}

function isOwnerGone(file) {
  try {
    const owner = Number(readFileSync(file, "utf8"));
    if (owner > 0) process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}
