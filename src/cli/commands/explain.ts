/** A rule as far as people need to know it. */
export type Explained = {
  readonly id: string;
  readonly level: string;
  readonly rank: number;
  readonly summary: string;
};

export type ExplainDeps = {
  readonly rules: readonly Explained[];
  /** The pages by the rules' ids. */
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
];

const order = ["every level", "baseline", "restricted", "warning"];

/** The page of a rule, or one line for each rule when none is named. */
export function explain(
  id: string | undefined,
  { rules, pages, suggest }: ExplainDeps,
): Explanation {
  const all = [...beside, ...rules].toSorted(
    (a, b) => order.indexOf(a.level) - order.indexOf(b.level) || a.rank - b.rank,
  );
  if (id === undefined) return found(list(all));
  const rule = all.find((each) => each.id === id);
  if (rule !== undefined) return found(pages.get(id) ?? brief(rule));
  const ids = all.map((each) => each.id);
  const meant = suggest(id, ids);
  const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
  const stderr = `There is no rule ${JSON.stringify(id)}.${hint}\nAll rules: ringfence explain\n`;
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
  return `${texts.join("\n\n")}\n\nThe page of one rule: ringfence explain RULE`;
}

function brief({ id, level, summary }: Explained): string {
  return `# ${id}\n\n${summary}\n\nLevel: ${level}.`;
}
