/** A rule as far as people need to know it. */
export type Explained = {
  readonly id: string;
  readonly level: string;
  readonly rank: number;
  readonly summary: string;
};

export type ExplainDeps = {
  readonly rules: readonly Explained[];
  /** What informs and never refuses. */
  readonly warnings: readonly Pick<Explained, "id" | "summary">[];
  /** The pages by the ids of rules and warnings. */
  readonly pages: ReadonlyMap<string, string>;
  /** The known word that was probably meant. */
  readonly suggest: (word: string, known: readonly string[]) => string | undefined;
};

/** What the command prints, and its exit code. */
export type Explanation = {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: 0 | 2;
};

/** What `lint` reports beside the rules of the standard. */
const beside: readonly Explained[] = [
  {
    id: "valid-object",
    level: "every level",
    rank: 0,
    summary: "The API server would refuse the object.",
  },
  {
    id: "unreadable-label",
    level: "warning",
    rank: 1,
    summary: "A label of a namespace has a value that means nothing.",
  },
  {
    id: "too-complex",
    level: "warning",
    rank: 3,
    summary: "A policy is too complex to look for every warning.",
  },
];

const order = ["every level", "baseline", "restricted", "warning"];

/** The page of a rule or a warning, or one line for each of them when none is named. */
export function explain(
  id: string | undefined,
  { rules, warnings, pages, suggest }: ExplainDeps,
): Explanation {
  const advice = warnings.map((each) => ({ ...each, level: "warning", rank: 2 }));
  const all = [...beside, ...rules, ...advice].toSorted(
    (a, b) => order.indexOf(a.level) - order.indexOf(b.level) || a.rank - b.rank,
  );
  if (id === undefined) return found(list(all));
  const rule = all.find((each) => each.id === id);
  if (rule !== undefined) return found(pages.get(id) ?? brief(rule));
  const ids = all.map((each) => each.id);
  const meant = suggest(id, ids);
  const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
  const stderr = `There is no rule or warning ${JSON.stringify(id)}.${hint}\nAll of them: ringfence explain\n`;
  return { stdout: "", stderr, code: 2 };
}

function found(text: string): Explanation {
  return { stdout: text.endsWith("\n") ? text : `${text}\n`, stderr: "", code: 0 };
}

function list(all: readonly Explained[]): string {
  const width = Math.max(...all.map(({ id }) => id.length));
  const groups = Map.groupBy(all, ({ level }) => level);
  const texts = [...groups].map(([level, rules]) =>
    [level, ...rules.map(({ id, summary }) => `  ${id.padEnd(width)}  ${summary}`)].join("\n"),
  );
  return `${texts.join("\n\n")}\n\nThe page of one: ringfence explain ID`;
}

function brief({ id, level, summary }: Explained): string {
  return `# ${id}\n\n${summary}\n\nLevel: ${level}.`;
}
