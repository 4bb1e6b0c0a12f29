import { type Random, times } from "../fuzz/random.ts";
import type { Harm } from "./validityobjects.ts";
import {
  instants,
  keys,
  names,
  starts,
  values,
  wrongInstants,
  wrongKeys,
  wrongNames,
  wrongStarts,
  wrongValues,
} from "./validityvalues.ts";

/** The metadata of an object. */
export function generateMetadata(random: Random, harm: Harm): object {
  const pickOf = <T>(good: readonly T[], bad: readonly T[]): T =>
    random.pick(random.chance(harm.value) ? bad : good);
  const isGenerated = random.chance(10);
  return {
    ...(isGenerated ? { generateName: pickOf(starts, wrongStarts) } : {}),
    ...(isGenerated && random.chance(70) ? {} : { name: pickOf<unknown>(names, wrongNames) }),
    ...(random.chance(10) ? { namespace: "default" } : {}),
    ...(random.chance(30) ? { labels: generateMap(random, harm) } : {}),
    ...(random.chance(30) ? { annotations: generateAnnotations(random, harm) } : {}),
    ...(random.chance(15) ? { finalizers: generateFinalizers(random, harm) } : {}),
    ...(random.chance(15)
      ? { ownerReferences: times(random.below(4), () => generateOwner(random, harm)) }
      : {}),
    ...(random.chance(10) ? { creationTimestamp: pickOf(instants, wrongInstants) } : {}),
    ...(random.chance(5) ? { uid: "1", generation: -3, resourceVersion: "7", selfLink: "" } : {}),
    ...(random.chance(5) ? { deletionTimestamp: null, managedFields: [] } : {}),
  };
}

/** A label selector. */
export function generateSelector(random: Random, harm: Harm): object {
  return {
    ...(random.chance(50) ? { matchLabels: generateMap(random, harm) } : {}),
    ...(random.chance(40)
      ? { matchExpressions: times(random.below(3), () => generateRequirement(random, harm)) }
      : {}),
  };
}

function generateRequirement(random: Random, harm: Harm): unknown {
  const isBad = random.chance(harm.value * 2);
  const isListing = random.chance(60);
  const wrongOperators = ["", "in", "Equals", "Gt", "<&>", null];
  return {
    key: random.pick(random.chance(harm.value) ? wrongKeys : keys),
    ...(random.chance(98)
      ? {
          operator: isBad
            ? random.pick(wrongOperators)
            : random.pick(isListing ? ["In", "NotIn"] : ["Exists", "DoesNotExist"]),
        }
      : {}),
    ...(isListing !== random.chance(harm.value)
      ? {
          values: times(1 + random.below(2), () =>
            random.pick<unknown>(random.chance(harm.value) ? [...wrongValues, null] : values),
          ),
        }
      : {}),
  };
}

function generateMap(random: Random, harm: Harm): object {
  return Object.fromEntries(
    times(random.below(3), () => [
      random.pick(random.chance(harm.value) ? wrongKeys : keys),
      random.pick<unknown>(random.chance(harm.value) ? [...wrongValues, null] : values),
    ]),
  );
}

function generateAnnotations(random: Random, harm: Harm): object {
  const isLarge = random.chance(harm.value);
  return {
    ...Object.fromEntries(
      times(random.below(3), () => [
        random.pick(random.chance(harm.value) ? wrongKeys : [...keys, "Example.COM/X"]),
        random.pick(["", "any text: é\n", "x"]),
      ]),
    ),
    // Up to, or one byte over, what annotations may take together.
    ...(isLarge ? { large: "é".repeat(131_069) + random.pick(["x", "xx"]) } : {}),
  };
}

function generateFinalizers(random: Random, harm: Harm): unknown {
  const good = ["example.com/x", "kubernetes", "orphan"];
  return times(random.below(3), () =>
    random.chance(harm.value * 2)
      ? random.pick(["simple", "foregroundDeletion", null, ...wrongKeys])
      : random.pick(good),
  );
}

function generateOwner(random: Random, harm: Harm): unknown {
  const isBad = random.chance(harm.value * 2);
  if (isBad && random.chance(10)) return random.pick([null, {}]);
  return {
    apiVersion: random.pick(isBad ? ["", "a/b/c", "v1/", "/", "/v1"] : ["v1", "apps/v1"]),
    kind: random.pick(isBad ? ["", "Event"] : ["Deployment", "Pod"]),
    name: random.pick(isBad ? ["", "<x>"] : ["web"]),
    uid: random.pick(isBad ? ["", "u"] : ["u", "w"]),
    ...(random.chance(30) ? { controller: random.pick([true, false, null]) } : {}),
    ...(random.chance(20) ? { blockOwnerDeletion: random.pick([true, null]) } : {}),
  };
}
