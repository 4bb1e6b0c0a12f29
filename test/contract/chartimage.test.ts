import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { bundle } from "../../scripts/bundle.ts";
import { type CommandResult, runCommand } from "../../src/controlplane/command.ts";

const root = new URL("../..", import.meta.url).pathname;

/** The last instruction of a kind in the last stage of the Dockerfile. */
async function instruction(name: string): Promise<string> {
  const text = await readFile(join(root, "Dockerfile"), "utf8");
  const lines = text.replaceAll("\\\n", " ").split("\n");
  const found = lines.findLast((line) => line.startsWith(`${name} `));
  if (found === undefined) throw new Error(`the Dockerfile has no ${name}`);
  return found.slice(name.length).trim();
}

async function listOf(name: string): Promise<readonly string[]> {
  const list: unknown = JSON.parse(await instruction(name));
  return Array.isArray(list) ? list.map(String) : [];
}

describe("the image", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ringfence-image-"));
    await mkdir(join(folder, "dist"));
    await bundle(join(root, "src/main.ts"), join(folder, "dist"));
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    await writeFile(join(folder, "package.json"), JSON.stringify({ version }));
  }, 120_000);

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  /** The start command of the image, in a folder that holds what the image holds, and no packages. */
  async function start(args: readonly string[]): Promise<CommandResult> {
    const [, ...flags] = await listOf("ENTRYPOINT");
    const place = flags.map((flag) => flag.replace(/^\/ringfence\b/, folder));
    const environment = { KUBERNETES_SERVICE_HOST: "", HOME: folder };
    const options = { environment, directory: folder };
    return runCommand(process.execPath, [...place, ...args], options, AbortSignal.timeout(60_000));
  }

  test("starts from one file, knows its version and each command of the chart", async () => {
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const told = await start(["--version"]);
    expect(told).toEqual({ code: 0, stdout: `${String(version)}\n`, stderr: "" });
    const help = await Promise.all(
      ["webhook", "controller"].map((command) => start([command, "--help"])),
    );
    expect(help.map(({ code }) => code)).toEqual([0, 0]);
  });

  test("comes as far as the API server that is not there: nothing is missing from the bundle", async () => {
    const { code, stdout } = await start([...(await listOf("CMD")), "--health-port=0"]);
    expect(code).toBe(1);
    expect(stdout).toContain("in-cluster: KUBERNETES_SERVICE_HOST is not set: this is not a pod");
  });

  test("refuses a bad configuration before it does anything else", async () => {
    const file = join(folder, "bad.yaml");
    await writeFile(
      file,
      "apiVersion: ringfence.dev/v1alpha1\nkind: Configuration\ndefaults: {warn: loud}\n",
    );
    const ended = await start(["controller", `--config=${file}`, "--health-port=0"]);
    expect(ended).toEqual({
      code: 2,
      stdout: "",
      stderr: `${file}:3: defaults.warn: "loud" is not allowed: use one of privileged, baseline, restricted\n`,
    });
  });

  test("runs as a user without rights, by number", async () => {
    expect(await instruction("USER")).toBe("65532:65532");
    expect(await instruction("FROM")).toMatch(/\/nodejs24-[a-z0-9]+:nonroot$/);
  });

  test("copies nothing but the bundle and its version out of the build", async () => {
    const text = await readFile(join(root, "Dockerfile"), "utf8");
    const copies = text.split("\n").filter((line) => line.startsWith("COPY --from"));
    expect(copies).toEqual([
      "COPY --from=build /src/package.json ./",
      "COPY --from=build /src/dist dist/",
    ]);
  });
});
