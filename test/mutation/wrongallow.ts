import { type ChildProcess, fork } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import type { Answer, Ask, Expected } from "./judge.ts";

// node test/mutation/wrongallow.ts [--judge NAME] [--mutate GLOB] [--exclude GLOB] [--strings] [--cases N] [--out FILE]
// What each defect that the mutation tester can make does to verdicts: see README.md.
const { values } = parseArgs({
  options: {
    judge: { type: "string", default: "defects" },
    mutate: { type: "string" },
    exclude: { type: "string", default: "src/{rules/index.ts,netpol/{exposure,validity}/**}" },
    strings: { type: "boolean", default: false },
    cases: { type: "string" },
    out: { type: "string", default: ".cache/mutation/wrongallow.json" },
  },
});
/** Each judge, the folders that are its affair, and how many cases it draws. */
const judges = {
  defects: { mutate: "src/{netpol,rules,engine}/**/*.ts", cases: 2000 },
  validity: { mutate: "src/netpol/validity/*.ts", cases: 600 },
  exposure: { mutate: "src/netpol/exposure/*.ts", cases: 40 },
} as const;
const judge = values.judge === "validity" || values.judge === "exposure" ? values.judge : "defects";
const { mutate = judges[judge].mutate, cases: chosen } = values;
const cases = Number(chosen ?? judges[judge].cases);
const root = new URL("../../", import.meta.url).pathname;
const silent = () => undefined;
const quiet = { isTraceEnabled: () => false, isDebugEnabled: () => false } as const;
const logger = { ...quiet, trace: silent, debug: silent, info: silent, warn: silent } as const;

export type Judged = Answer & {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly mutator: string;
  readonly replacement: string;
};

const folder = mkdtempSync(join(tmpdir(), "ringfence-wrongallow-"));
for (const part of ["src", "test", "package.json", "tsconfig.json"]) {
  cpSync(join(root, part), join(folder, part), { recursive: true });
}
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
const excluded = new Set(judge === "defects" ? globSync(values.exclude, { cwd: root }) : []);
const files = globSync(mutate, { cwd: root })
  .filter((file) => !excluded.has(file))
  .toSorted()
  .map((file) => ({
    name: join(folder, file),
    mutate: true as const,
    content: readFileSync(join(root, file), "utf8"),
  }));
const instrumenter = new Instrumenter({
  ...logger,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  error: silent,
  fatal: silent,
});
const { files: instrumented, mutants: made } = await instrumenter.instrument(files, {
  plugins: null,
  excludedMutations: values.strings ? [] : ["StringLiteral"],
  ignorers: [],
});
const mutants = made.filter(({ status }) => status === undefined);
// Counting what is reached costs more than judging: it ends with the first, right answers.
for (const { name, content } of instrumented) {
  const loop = /for \(var i = 0; i < a\.length; i\+\+\) \{/;
  if (content.includes("stryMutAct") && !loop.test(content))
    throw new Error(`${name}: the instrumenter writes another header`);
  writeFileSync(
    name,
    content.replace(loop, (found) => `if (!ns.counted) ${found}`),
  );
}

let expected: Expected = [];

/** Asks one process about mutants until it answers all, hangs or dies; tells how far it came. */
function askAll(ask: Ask, answered: (answer: Answer) => void): Promise<void> {
  return new Promise((resolve) => {
    const child: ChildProcess = fork(join(folder, `test/mutation/${judge}.ts`), [], {
      env: { ...process.env, ...(ask.expected && { __STRYKER_ACTIVE_MUTANT__: ask.ids[0] }) },
    });
    const kill = () => child.kill("SIGKILL");
    let timer = setTimeout(kill, 600_000);
    child.on("message", (answer: Answer | { readonly expected: Expected }) => {
      clearTimeout(timer);
      timer = setTimeout(kill, 60_000);
      if ("expected" in answer) ({ expected } = answer);
      else answered(answer);
    });
    child.on("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.send(ask);
  });
}

const answers = new Map<string, Answer>();

function judged(): readonly Judged[] {
  return mutants.flatMap((mutant) => {
    const answer = answers.get(mutant.id);
    if (answer === undefined) return [];
    const { fileName, location, mutatorName, replacement } = mutant;
    const { line, column } = location.start;
    const place = { file: relative(folder, fileName), line: line + 1, column };
    return [{ ...answer, ...place, mutator: mutatorName, replacement }];
  });
}

function write(): void {
  writeFileSync(values.out, JSON.stringify(judged(), undefined, 1));
}

// In scattered order, so that a run that is stopped has judged a fair sample of all.
const order = mutants
  .map(({ id }) => id)
  .toSorted((a, b) => ((Number(a) * 7919) % 104_729) - ((Number(b) * 7919) % 104_729));
const pending = () => order.filter((id) => !answers.has(id));
const note = (answer: Answer) => {
  answers.set(answer.id, answer);
  if (answers.size % 10 === 0) {
    console.log(`${answers.size} of ${mutants.length}`);
    write();
  }
};
for (let ids = pending(); ids.length > 0; ids = pending()) {
  const before = answers.size;
  await askAll({ ids, cases }, note);
  const [hanging] = pending();
  // What makes the judge run for ever refuses: the API server gives up and the request fails.
  if (hanging !== undefined && (answers.size > before || before > 0)) {
    note({ id: hanging, verdict: "hangs", caught: [] });
  } else if (answers.size === before) throw new Error("the judge did not start");
}
for (const { id } of mutants.filter((one) => answers.get(one.id)?.verdict === "static")) {
  let seen: Answer | undefined;
  await askAll({ ids: [id], cases, expected }, (answer) => {
    seen = answer;
  });
  answers.set(id, seen ?? { id, verdict: "stops", caught: [] });
}
write();
const counts = Map.groupBy(judged(), ({ verdict, caught }) => `${verdict} ${caught.join()}`);
for (const [verdict, all] of counts) console.log(`${all.length} ${verdict}`);
rmSync(folder, { recursive: true });
