import { type Random, times } from "../fuzz/random.ts";
import { generateMetadata, generateSelector } from "./validitymetadata.ts";
import { mutate } from "./validitymutate.ts";
import {
  ambiguousCIDRs,
  cidrs,
  endPorts,
  exceptsOf,
  ports,
  wrongCIDRs,
  wrongEndPorts,
  wrongPorts,
} from "./validityvalues.ts";

/** How much of an object is bad: in percent, of the values and of the places. */
export type Harm = { readonly value: number; readonly place: number };

const harms: readonly Harm[] = [
  { value: 0, place: 0 },
  { value: 0, place: 100 },
  { value: 4, place: 0 },
  { value: 15, place: 0 },
  { value: 5, place: 20 },
];

/** A NetworkPolicy, or something like one, as it could stand in somebody's file. */
export function generateObject(random: Random): object {
  const harm = random.pick(harms);
  const object = {
    ...(random.chance(90) ? { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" } : {}),
    ...(random.chance(3) ? { status: {} } : {}),
    metadata: generateMetadata(random, harm),
    ...(random.chance(96) ? { spec: generateSpec(random, harm) } : {}),
  };
  if (!random.chance(harm.place)) return object;
  const mutated = times(1 + random.below(2), () => random).reduce<unknown>(mutate, object);
  return typeof mutated === "object" && mutated !== null ? mutated : object;
}

function generateSpec(random: Random, harm: Harm): object {
  return {
    ...(random.chance(90) ? { podSelector: generateSelector(random, harm) } : {}),
    ...optional(random, "policyTypes", () => generateTypes(random, harm)),
    ...optional(random, "ingress", () => generateRules(random, harm, "from")),
    ...optional(random, "egress", () => generateRules(random, harm, "to")),
  };
}

function generateTypes(random: Random, harm: Harm): unknown {
  const wrong = ["ingress", "", "Both", null, "<&>"];
  return times(random.below(random.chance(harm.value) ? 5 : 3), () =>
    random.chance(harm.value) ? random.pick(wrong) : random.pick(["Ingress", "Egress"]),
  );
}

function generateRules(random: Random, harm: Harm, peers: "from" | "to"): unknown {
  return times(random.below(3), () =>
    random.chance(3)
      ? null
      : {
          ...optional(random, "ports", () =>
            times(random.below(3), () => generatePort(random, harm)),
          ),
          ...optional(random, peers, () =>
            times(random.below(4), () => generatePeer(random, harm)),
          ),
        },
  );
}

function generatePort(random: Random, harm: Harm): unknown {
  if (random.chance(3)) return null;
  const isRange = random.chance(25);
  const bad = random.chance(harm.value * 2);
  return {
    ...optional(random, "protocol", () =>
      bad ? random.pick(["tcp", "", "ICMP", "<TCP>"]) : random.pick(["TCP", "UDP", "SCTP", null]),
    ),
    ...(random.chance(90) ? { port: generatePortNumber(random, harm, isRange) } : {}),
    ...(isRange ? { endPort: random.pick(bad ? wrongEndPorts : endPorts) } : {}),
  };
}

function generatePortNumber(random: Random, harm: Harm, isRange: boolean): unknown {
  if (random.chance(harm.value)) return random.pick([...wrongPorts, null]);
  return isRange ? random.pick([1, 80]) : random.pick(ports);
}

function generatePeer(random: Random, harm: Harm): unknown {
  if (random.chance(harm.value)) {
    return random.pick([null, {}, { podSelector: null }, { ipBlock: null, podSelector: {} }]);
  }
  const isBoth = random.chance(harm.value);
  const isBlock = random.chance(45);
  return {
    ...(isBlock && !isBoth ? {} : { podSelector: generateSelector(random, harm) }),
    ...(!isBlock && random.chance(40) ? { namespaceSelector: generateSelector(random, harm) } : {}),
    ...(isBlock || isBoth ? { ipBlock: generateBlock(random, harm) } : {}),
  };
}

function generateBlock(random: Random, harm: Harm): unknown {
  if (random.chance(harm.value * 3)) {
    const [cidr, excepts] = random.pick(exceptsOf);
    return { cidr, except: times(1 + random.below(3), () => random.pick(excepts)) };
  }
  const pool = random.chance(harm.value) ? [...wrongCIDRs, ...ambiguousCIDRs] : cidrs;
  return {
    cidr: random.pick(random.chance(harm.value) ? ambiguousCIDRs : pool),
    ...(random.chance(25) ? { except: random.pick([null, []]) } : {}),
    ...(random.chance(harm.value)
      ? { except: [random.pick([...wrongCIDRs, ...ambiguousCIDRs, ...cidrs, null])] }
      : {}),
  };
}

function optional(random: Random, field: string, make: () => unknown): object {
  return random.chance(60) ? { [field]: random.chance(5) ? null : make() } : {};
}
