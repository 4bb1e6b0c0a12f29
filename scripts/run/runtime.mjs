import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { launch } from "./launch.mjs";

/** The Node.js to run on: the pinned one by path, else this one when it is new enough, else undefined. */
export async function findRuntime(root) {
  const folder = resolve(root, "node_modules/node");
  const wanted = JSON.parse(readFileSync(resolve(folder, "package.json"), "utf8")).version;
  const pinned = resolve(folder, process.platform === "win32" ? "bin/node.exe" : "bin/node");
  if (versionOf(pinned) === wanted) return pinned;

  // The binary arrives by an install script, and npm may be told to run none.
  console.error(`Fetching Node.js ${wanted} (its install script did not run) ...`);
  await launch(process.execPath, ["installArchSpecificPackage.js"], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
  });
  if (versionOf(pinned) === wanted) return pinned;

  const neededMajor = Number(wanted.split(".")[0]);
  if (Number(process.versions.node.split(".")[0]) >= neededMajor) {
    console.error(`Node.js ${wanted} does not run here; going on with ${process.version}.`);
    return process.execPath;
  }
  console.error(
    `Node.js ${wanted} could not be installed into node_modules. ` +
      `Run \`npm rebuild node --foreground-scripts --ignore-scripts=false\` to see why, ` +
      `or install Node.js ${neededMajor} and run this command with it.`,
  );
  return undefined;
}

function versionOf(binary) {
  const result = spawnSync(binary, ["--version"], { encoding: "utf8", timeout: 20_000 });
  return result.status === 0 ? result.stdout.trim().replace(/^v/, "") : undefined;
}
