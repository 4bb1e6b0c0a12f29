/** Which defects to judge; where `expected` is given, the one defect is active from the start. */
export type Ask = {
  readonly ids: readonly string[];
  readonly cases: number;
  /** The right answers, where a defect is active from the start. */
  readonly expected?: Expected;
};

export type Expected = readonly (readonly string[])[];

export type Answer = {
  readonly id: string;
  readonly verdict:
    | "wrong allow"
    | "other verdict"
    | "same"
    | "unreached"
    | "static"
    | "hangs"
    | "stops";
  /** Where a refusal went missing. */
  readonly where?: string;
  /** What finds it. */
  readonly caught: readonly Kind[];
};

/** A fixture of a rule, an exact test, or the first drawn cases of `npm test`. */
export type Kind = "fixture" | "exact" | "drawn";

type Compared = Pick<Answer, "verdict" | "where">;

/** One thing to judge, made anew each time: what judges it remembers what it has read. */
export type Question = {
  readonly name: string;
  /** What refuses; each of them that a defect makes vanish is a wrong allow. */
  readonly ask: () => readonly string[];
};

export type Subject = {
  readonly questions: readonly Question[];
  /** What finds a wrong allow in the place where a refusal went missing, if that is known by it. */
  readonly catcherOf?: (where: string) => Kind | undefined;
  /** In the order in which they are run. */
  readonly tests: readonly Catcher[];
};

/** A test: it throws when it finds something. */
export type Catcher = {
  readonly name: string;
  readonly kind: Kind;
  readonly run: () => unknown;
};

type Stryker = {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number;
  counted?: boolean;
  mutantCoverage?: {
    static: { [id: string]: number };
    perTest: { [test: string]: { [id: string]: number } };
  };
};
// Where the mutation tester's code looks for the defect that is active.
const name = "__stryker__";
const holder: typeof globalThis & { [name]?: Stryker } = globalThis;
const stryker: Stryker = (holder[name] ??= {});
const limit = 5_000_000;

/** Forgets what a defect has done so far: one that goes on for ever is stopped by counting. */
export function beginAsking(): void {
  stryker.hitCount = 0;
}

/** Answers the one ask that comes from the parent process. */
export function answerAsk(prepare: (cases: number) => Promise<Subject>): void {
  process.once("message", (ask: Ask) => {
    void start(ask, prepare).finally(() => process.disconnect());
  });
}

async function start(
  { ids, cases, expected: given }: Ask,
  prepare: (cases: number) => Promise<Subject>,
): Promise<void> {
  const subject = await prepare(cases);
  stryker.hitLimit = limit;
  if (given !== undefined) {
    stryker.counted = true;
    await report({ id: ids[0] ?? "", ...judge(subject, given) });
    return;
  }
  stryker.activeMutant = "none";
  const expected: (readonly string[])[] = [];
  const asked = reachedBy(subject.questions, (one) => expected.push(answerTo(one) ?? []));
  const tested = reachedBy(subject.tests, runTest);
  stryker.counted = true;
  await report({ expected });
  const atStart = stryker.mutantCoverage?.static ?? {};
  for (const id of ids) {
    const at = asked.get(id) ?? [];
    const tests = (tested.get(id) ?? []).flatMap((index) => subject.tests[index] ?? []);
    if (at.length + tests.length > 0) {
      const questions = at.flatMap((index) => subject.questions[index] ?? []);
      const right = at.map((index) => expected[index] ?? []);
      stryker.activeMutant = id;
      const answer = judge({ ...subject, questions, tests }, right);
      stryker.activeMutant = "none";
      await report({ id, ...answer });
    } else await report({ id, verdict: id in atStart ? "static" : "unreached", caught: [] });
  }
}

/** Looks at each, without a defect, and tells which of them reach the place of one, by position. */
function reachedBy<T extends { readonly name: string }>(
  all: readonly T[],
  look: (one: T) => unknown,
): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const [index, one] of all.entries()) {
    stryker.currentTestId = one.name;
    look(one);
    const perTest = stryker.mutantCoverage?.perTest ?? {};
    for (const id of Object.keys(perTest[one.name] ?? {})) {
      const those = found.get(id) ?? [];
      found.set(id, those);
      those.push(index);
    }
    delete perTest[one.name];
  }
  stryker.currentTestId = undefined;
  return found;
}

function judge(subject: Subject, expected: Expected): Omit<Answer, "id"> {
  const answer = compare(subject.questions, expected);
  const { verdict, where } = answer;
  if (verdict === "hangs") return { ...answer, caught: [] };
  const known = where === undefined ? undefined : subject.catcherOf?.(where);
  const caught = new Set(known === undefined ? [] : [known]);
  for (const one of subject.tests) {
    if (caught.has(one.kind)) continue;
    // Drawn cases cost much: they are for what matters.
    if (one.kind === "drawn" && verdict !== "wrong allow") continue;
    if (fails(one)) caught.add(one.kind);
  }
  return { ...answer, caught: [...caught] };
}

function fails(one: Catcher): boolean {
  try {
    runTest(one);
    return false;
  } catch {
    return true;
  }
}

function runTest({ run }: Catcher): void {
  beginAsking();
  run();
}

function compare(questions: readonly Question[], expected: Expected): Compared {
  let other = false;
  for (const [index, question] of questions.entries()) {
    const before = expected[index] ?? [];
    const after = answerTo(question);
    if (stryker.hitCount !== undefined && stryker.hitCount > limit) return { verdict: "hangs" };
    // A judge that throws ends in a refusal, and one that cannot judge refuses.
    if (after === undefined || after.includes("unjudged")) other ||= !before.includes("unjudged");
    else {
      const lost = new Set(before).difference(new Set(after));
      if (lost.size > 0) {
        const shown = [...lost].slice(0, 20).join(", ");
        return { verdict: "wrong allow", where: `${question.name}: ${shown}` };
      }
      other ||= after.length > before.length;
    }
  }
  return { verdict: other ? "other verdict" : "same" };
}

function answerTo({ ask }: Question): readonly string[] | undefined {
  beginAsking();
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** Sends what is known; all else waits until it has gone, because it may be large. */
function report(answer: Answer | { readonly expected: Expected }): Promise<unknown> {
  return new Promise((resolve) => process.send?.(answer, undefined, undefined, resolve));
}
