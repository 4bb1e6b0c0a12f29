// `npm test` and `npm run e2e`: provides a control plane, runs vitest, ends with the counts on the last line.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { noTests, renderCounts, totalOf, type RunCounts } from "./counts.ts";
import { launch } from "./launch.mjs";
import { provideForCharts, provideForTests } from "./provide.ts";
import { mayRunE2e, parseTestCommand } from "./selection.ts";

const root = resolve(import.meta.dirname, "../..");

async function main(mode: string | undefined, args: readonly string[]): Promise<number> {
  const command = parseTestCommand(args);
  const chosen =
    mode === "e2e" ? ["--project", "e2e", ...command.vitestArguments] : command.vitestArguments;
  const needsE2e = mode === "e2e" || command.requireE2e;
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new Error("interrupted"));
  // Not only once: from a terminal and through npm the same Ctrl-C arrives twice.
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);

  let projects: readonly string[] = [];
  let directory: string | undefined;
  let notice = "";
  if (mayRunE2e(chosen, e2eFiles())) {
    const provision = await provideForTests(command.kubernetes, stop.signal);
    directory = provision.assets?.directory;
    if (directory === undefined) {
      const why = provision.problems.map((problem) => problem.split("\n")[0]).join("; ");
      notice = `The e2e tests did not run: there is no control plane (${why}).`;
      if (needsE2e) {
        console.error(notice);
        console.log(renderCounts(noTests));
        return 1;
      }
      projects = ["--project", "!e2e"];
    }
  }
  // Whoever names a part waits for no build; its chart tests look for helm by themselves.
  const helm = chosen.length === 0 || needsE2e ? await provideForCharts(stop.signal) : undefined;
  process.off("SIGINT", interrupt).off("SIGTERM", interrupt);

  const found = {
    ...(directory !== undefined && { RINGFENCE_CONTROLPLANE: directory }),
    ...(helm !== undefined && "path" in helm && { RINGFENCE_HELM: helm.path }),
    ...(command.requireE2e && { RINGFENCE_REQUIRE_HELM: "1" }),
  };
  const { code, counts } = await runVitest([...projects, ...chosen], found);
  const total = totalOf(counts);
  if (notice !== "") console.error(notice);
  const hasE2eGap = command.requireE2e && !ranCompletely(counts, "e2e");
  if (hasE2eGap) console.error("The e2e tests were required, and not all of them ran.");
  // A run that broke outside its tests, for example in the global setup, has failed as well.
  const failed = code === 0 ? total.failed : Math.max(total.failed, 1);
  console.log(renderCounts({ ...total, failed }));
  return code === 0 && (hasE2eGap || failed > 0) ? 1 : code;
}

function ranCompletely(counts: RunCounts, project: string): boolean {
  const { passed, failed, skipped } = counts[project] ?? noTests;
  return passed + failed > 0 && skipped === 0;
}

function e2eFiles(): readonly string[] {
  const entries = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" });
  return entries
    .map((entry) => `test/${entry}`)
    .filter((file) => /^test\/e2e\/.*\.test\.ts$/.test(file));
}

async function runVitest(
  args: readonly string[],
  found: Readonly<Record<string, string>>,
): Promise<Readonly<{ code: number; counts: RunCounts }>> {
  const folder = mkdtempSync(join(tmpdir(), "ringfence-test-"));
  const countsFile = join(folder, "counts.json");
  const hasOwnReporter = args.some((arg) => arg.startsWith("--reporter"));
  const reporters = [
    ...(hasOwnReporter ? [] : ["--reporter=default"]),
    `--reporter=${join(root, "scripts/run/reporter.ts")}`,
  ];
  const environment = {
    ...process.env,
    PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
    RINGFENCE_COUNTS: countsFile,
    ...found,
  };
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  try {
    const all = [vitest, "run", ...reporters, ...args];
    const code = await launch(process.execPath, all, { cwd: root, env: environment });
    return { code, counts: readCounts(countsFile) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCounts(file: string): RunCounts {
  try {
    // Written by our own reporter.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return JSON.parse(readFileSync(file, "utf8")) as RunCounts;
  } catch {
    // vitest did not come to the end of its run.
    return {};
  }
}

try {
  const [mode, ...args] = process.argv.slice(2);
  process.exitCode = await main(mode, args);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.log(renderCounts({ ...noTests, failed: 1 }));
  process.exitCode = 1;
}
