import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { defaultNetworkPolicy } from "../../src/netpol/validity/default.ts";
import { type Minor, validateNetworkPolicy } from "../../src/netpol/validity/validate.ts";
import { createRandom, times } from "../fuzz/random.ts";
import { generateObject } from "../support/validityobjects.ts";
import { everyObject } from "../support/validitytable.ts";
import { readTests } from "./collect.ts";
import { answerAsk, type Question } from "./judge.ts";

// What defects do to the answers about validity: each reason why an API server refuses, and what it
// stores when it has none, is a text that must not vanish.

const minors: readonly Minor[] = [34, 35, 36, 37];

/** The places that are refused, each as often as it is; and what is stored where nothing is. */
function validity(object: object): readonly string[] {
  return minors.flatMap((minor) => {
    const found = validateNetworkPolicy(object, minor);
    if (found.length === 0) return [`1.${minor} stores ${stored(object)}`];
    const counts = new Map<string, number>();
    return found.map(({ path }) => {
      const nth = (counts.get(path) ?? 0) + 1;
      counts.set(path, nth);
      return `1.${minor} refuses ${path} (${nth})`;
    });
  });
}

function stored(object: NetworkPolicy): string {
  return JSON.stringify(defaultNetworkPolicy(object).spec);
}

/** Those that the differential test asks an API server about, and drawn ones. */
function objects(cases: number): readonly Question[] {
  const drawn = times(cases, (index) => generateObject(createRandom(7, index)));
  return [...everyObject(), ...drawn].map((object, at) => ({
    name: `object ${at}`,
    ask: () => validity(object),
  }));
}

answerAsk(async (cases) => ({
  questions: objects(cases),
  tests: await readTests("test/unit/netpol/validity/*.test.ts"),
}));
