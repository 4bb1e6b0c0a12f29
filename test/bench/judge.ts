// `node test/bench/judge.ts`: judging one NetworkPolicy, from typical to the worst that can be stored.
import { loadavg } from "node:os";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { createEvaluator, type Judgement } from "../../src/engine/evaluator.ts";
import type { Evaluation } from "../../src/engine/finding.ts";
import { evaluateUpdate } from "../../src/engine/ratchet.ts";
import { defaultParameters } from "../../src/rules/defaults.ts";
import type { LevelParameters } from "../../src/rules/parameters.ts";
import { median, printTable, round } from "./figures.ts";
import { list, policyOf, type Shape, shapes } from "./judgeshapes.ts";
import { badSpec, goodSpec } from "./reviews.ts";

/** As much JSON as etcd stores by default, less what else is in the object. */
const storable = 1_500_000;
const targetOfVerdict = 1_500;
const patience = 1_500;
const targetOfDoubling = 2.3;

const clusterCIDRs = ["10.244.0.0/16", "10.96.0.0/12"];
const parameters: LevelParameters = {
  baseline: { ...defaultParameters.baseline, clusterCIDRs },
  restricted: { ...defaultParameters.restricted, clusterCIDRs },
};
const evaluate = createEvaluator(parameters);
const levels = ["baseline", "restricted"] as const;
type JudgedLevel = (typeof levels)[number];

type Way = {
  readonly way: string;
  readonly judge: (policy: NetworkPolicy, how: Judgement) => Evaluation;
};

const neighbours = list(20, (index) =>
  policyOf({ ...goodSpec, podSelector: {} }, `other-${index}`),
);

/** Every way in which a policy comes to be judged; the old one of an update has one rule less. */
const ways: readonly Way[] = [
  { way: "alone", judge: evaluate },
  {
    way: "as an update",
    judge: (policy, how) => evaluateUpdate(parameters, smaller(policy), policy, how),
  },
  {
    way: "beside 20 others",
    judge: (policy, how) => evaluate(policy, { ...how, neighbours }),
  },
];

function smaller(policy: NetworkPolicy): NetworkPolicy {
  const { ingress, egress, ...spec } = policy.spec ?? {};
  const fewer = { ingress: (ingress ?? []).slice(0, -1), egress: (egress ?? []).slice(0, -1) };
  return { ...policy, spec: { ...spec, ...fewer } };
}

/** Milliseconds of this thread: on a busy machine the wall clock measures the others. */
function clock(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** What it takes to judge an object that nobody has seen before, without or with parsing it. */
function time(text: string, { judge }: Way, level: JudgedLevel, isParsed: boolean): number {
  const how = { namespace: "shop", level, version: "v1" } as const;
  const start = clock();
  const policy: NetworkPolicy = JSON.parse(text);
  const parsed = clock();
  judge(policy, how);
  return clock() - (isParsed ? start : parsed);
}

/** The median after a warm-up. */
function medianOf(rounds: number, work: () => number): number {
  work();
  return median(list(rounds, work));
}

/** The median of more rounds where they are short; none pays for the garbage of the one before. */
function medianOfLong(work: () => number): number {
  const measure = () => {
    collectGarbage();
    return work();
  };
  const first = measure();
  if (first > 2 * patience) return first;
  return median(list(first > 300 ? 3 : 9, measure));
}

function measureTypical() {
  const typical = {
    "deny all": {},
    good: goodSpec,
    "refused for a peer": badSpec,
    "refused for the internet": {
      egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 443 }] }],
    },
  };
  return Object.entries(typical).flatMap(([policy, spec]) =>
    levels.flatMap((level) =>
      ways.map((way) => {
        const text = JSON.stringify(policyOf(spec));
        for (let count = 0; count < 500; count += 1) time(text, way, level, false);
        const microseconds = (isParsed: boolean) =>
          round(1_000 * medianOf(500, () => time(text, way, level, isParsed)));
        return {
          policy,
          level,
          way: way.way,
          µs: microseconds(false),
          "µs with JSON": microseconds(true),
        };
      }),
    ),
  );
}

/** How many items make up so many bytes. */
function sizeFor({ build }: Shape, bytes: number): number {
  const lengthOf = (size: number) => JSON.stringify(build(size)).length;
  return Math.floor((bytes * 1_000) / (lengthOf(2_000) - lengthOf(1_000)));
}

/** From a sixteenth of what can be stored to all of it; ends early where it takes far too long. */
function measureShape(shape: Shape, level: JudgedLevel, way: Way) {
  const size = sizeFor(shape, storable);
  const sizes = [16, 8, 4, 2, 1].map((part) => Math.floor(size / part));
  const measured: { readonly size: number; readonly ms: number; readonly verdict: string }[] = [];
  for (const items of sizes) {
    if ((measured.at(-1)?.ms ?? 0) > patience) break;
    const text = JSON.stringify(shape.build(items));
    const ms = medianOfLong(() => time(text, way, level, false));
    measured.push({ size: items, ms, verdict: verdictOf(text, level, way) });
    console.error(`${shape.dimension}, ${level}, ${way.way}: ${items} items ${Math.round(ms)} ms`);
  }
  const [first] = measured;
  const [before, last] = measured.slice(-2);
  const ms = last?.ms ?? Number.NaN;
  const doubling = ms / (before?.ms ?? Number.NaN);
  const isWhole = measured.length === sizes.length;
  const isMet = isWhole && ms <= targetOfVerdict && doubling <= targetOfDoubling;
  return {
    dimension: shape.dimension,
    level,
    way: way.way,
    "0.1 MB ms": round(first?.ms ?? Number.NaN),
    items: last?.size ?? 0,
    ms: round(ms),
    doubling: round(doubling),
    verdict: isWhole ? (last?.verdict ?? "") : "given up",
    target: isMet ? "met" : "MISSED",
  };
}

function verdictOf(text: string, level: JudgedLevel, { judge }: Way): string {
  const how = { namespace: "shop", level, version: "v1" } as const;
  const { findings, unjudged } = judge(JSON.parse(text), how);
  return unjudged === undefined ? `${findings.length} findings` : "too complex";
}

const only = process.argv[2] ?? "";
const chosen = shapes.filter(({ dimension }) => dimension.includes(only));
const typical = only === "" ? measureTypical() : [];
if (typical.length > 0) printTable(typical);
const worst = chosen.flatMap((shape) =>
  ways.flatMap((way) => levels.map((level) => measureShape(shape, level, way))),
);
printTable(worst);
console.log(JSON.stringify({ load: loadavg()[0], typical, worst }));
