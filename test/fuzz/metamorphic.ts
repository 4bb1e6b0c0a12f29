import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { type Broken, checkRelations } from "./relations.ts";
import { evaluateCase } from "./run.ts";

// node test/fuzz/metamorphic.ts --cases N --seed S [--most M]
const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "50000" },
    seed: { type: "string", default: "1" },
    most: { type: "string", default: "10" },
  },
});
const seed = Number(values.seed);
const broken: Broken[] = [];
for (let index = 0; index < Number(values.cases); index += 1) {
  if (broken.length >= Number(values.most)) break;
  const found = checkRelations(
    (one, level) => {
      const { findings, unjudged } = evaluateCase(one, level);
      return unjudged ? ["unjudged"] : findings.map(({ rule }) => rule);
    },
    seed,
    index,
  );
  for (const { relation, level, before, after, rules } of found) {
    console.log(`--- seed ${seed}, case ${index}, level ${level}: ${relation}`);
    const shown = {
      before: before.networkPolicy,
      after,
      rules,
      parameters: before.parameters[level],
    };
    console.log(stringify(shown, { aliasDuplicateObjects: false }));
  }
  broken.push(...found);
}
console.log(`seed ${seed}: ${values.cases} cases, ${broken.length} broken relations`);
process.exitCode = broken.length === 0 ? 0 : 1;
