import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { runUpdates } from "./updates.ts";

// node test/fuzz/ratchet.ts --cases N --seed S [--most M]
const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "50000" },
    seed: { type: "string", default: "1" },
    most: { type: "string", default: "10" },
  },
});
const seed = Number(values.seed);
const found = runUpdates(seed, Number(values.cases), Number(values.most));
for (const { index, level, update, lines } of found) {
  const { networkPolicy, parameters } = update.updated;
  console.log(`--- seed ${seed}, update ${index} (${update.kind}), level ${level}`);
  console.log(lines.join("\n"));
  const shown = { old: update.old, new: networkPolicy, parameters: parameters[level] };
  console.log(stringify(shown, { aliasDuplicateObjects: false }));
}
console.log(`seed ${seed}: ${values.cases} updates, ${found.length} disagreements`);
process.exitCode = found.length === 0 ? 0 : 1;
