import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { evaluateCase, type JudgedLevel } from "./engine.ts";
import { checkNeighbourhood } from "./neighbourhood.ts";
import type { Case } from "./policies.ts";
import { type Broken, type Checked, checkRelations } from "./relations.ts";

// node test/fuzz/metamorphic.ts --relations N --seed S [--most M]

function judge(one: Case, level: JudgedLevel): readonly string[] {
  const { findings, unjudged } = evaluateCase(one, level);
  return unjudged ? ["unjudged"] : findings.map(({ rule }) => rule);
}

/** Looks at relations of every second case alone and of the others among neighbours. */
export function runRelations(seed: number, relations: number, most = 10): Checked {
  const broken: Broken[] = [];
  let count = 0;
  for (let index = 0; count < relations && broken.length < most; index += 1) {
    const check = index % 2 === 0 ? checkRelations : checkNeighbourhood;
    const checked = check(judge, seed, index);
    count += checked.count;
    broken.push(...checked.broken);
  }
  return { count, broken };
}

/** A broken relation as text. */
export function describeBroken({ relation, level, before, after, rules }: Broken): string {
  const { networkPolicy, neighbours, parameters } = before;
  const shown = {
    before: { networkPolicy, neighbours },
    after: { networkPolicy: after.networkPolicy, neighbours: after.neighbours },
    rules,
    parameters: parameters[level],
  };
  return `--- level ${level}: ${relation}\n${stringify(shown, { aliasDuplicateObjects: false })}`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      relations: { type: "string", default: "1000000" },
      seed: { type: "string", default: "1" },
      most: { type: "string", default: "10" },
    },
  });
  const seed = Number(values.seed);
  const { count, broken } = runRelations(seed, Number(values.relations), Number(values.most));
  for (const one of broken) console.log(describeBroken(one));
  console.log(`relations ${count}, broken ${broken.length}, seed ${seed}`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
