// `npm run bench:judge`: judging one NetworkPolicy, from typical to the worst that can be stored.
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
function threadClock(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Some kernels count a thread's time in ticks of milliseconds, which says nothing of short work. */
function isFine(): boolean {
  let [last, step] = [threadClock(), 0];
  for (const start = performance.now(); performance.now() - start < 200;) {
    const now = threadClock();
    step = Math.max(step, now - last);
    last = now;
  }
  return step < 1;
}

const clocks = { thread: threadClock, wall: () => performance.now() };
const clockOfShort = isFine() ? "thread" : "wall";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** What it takes to judge an object that nobody has seen before, without or with parsing it. */
function timeTypical(
  text: string,
  { judge }: Way,
  level: JudgedLevel,
  { isParsed, clock }: { readonly isParsed: boolean; readonly clock: () => number },
): number {
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

/** How often a large policy is judged: more where it is short, once where it takes far too long. */
function roundsFor(first: number): number {
  if (first > 2 * patience) return 1;
  return first > 300 ? 11 : 31;
}

/**
 * What it takes to judge a large object that nobody has seen before. It pays for its own garbage,
 * but not for that of the one before or of parsing: a young generation that is nearly full of what
 * was parsed is copied in the middle of judging the whole, and not of judging the half.
 */
function time(text: string, { judge }: Way, level: JudgedLevel, clock: () => number): number {
  const policy: NetworkPolicy = JSON.parse(text);
  collectGarbage();
  const start = clock();
  judge(policy, { namespace: "shop", level, version: "v1" });
  return clock() - start;
}

/**
 * Milliseconds that a half counts as at least: below, a ratio tells when the tables of a policy
 * outgrow the cache of a core. See docs/decisions/0012-doubling.md.
 */
const shortest = 25;

/** The medians of two pieces of work side by side, and of their ratios. */
function compare(half: () => number, whole: () => number) {
  const pairs = list(roundsFor(whole()), () => {
    const [before, ms] = [half(), whole()];
    return { before, ms, ratio: Math.max(ms, shortest) / Math.max(before, shortest) };
  });
  return {
    before: median(pairs.map(({ before }) => before)),
    ms: median(pairs.map(({ ms }) => ms)),
    ratio: median(pairs.map(({ ratio }) => ratio)),
  };
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
        const timed = (isParsed: boolean) => () =>
          timeTypical(text, way, level, { isParsed, clock: clocks[clockOfShort] });
        list(500, timed(false));
        const microseconds = (isParsed: boolean) => round(1_000 * medianOf(500, timed(isParsed)));
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

/** So many milliseconds are told well enough in ticks. */
const long = 500;

/** A sixteenth of what can be stored, a half and all of it. */
function measureShape(shape: Shape, level: JudgedLevel, way: Way) {
  const size = sizeFor(shape, storable);
  const timerOf = (part: number) => {
    const text = JSON.stringify(shape.build(Math.floor(size / part)));
    return (clock: () => number) => time(text, way, level, clock);
  };
  const whole = timerOf(1);
  const clock = clocks[whole(clocks.wall) > long ? "thread" : clockOfShort];
  const [small, half] = [timerOf(16), timerOf(2)];
  const first = medianOf(9, () => small(clock));
  const { before, ms, ratio } = compare(
    () => half(clock),
    () => whole(clock),
  );
  const row = {
    dimension: shape.dimension,
    level,
    way: way.way,
    items: size,
    "1/16 ms": round(first),
    "1/2 ms": round(before),
    ms: round(ms),
    doubling: round(ratio),
    verdict: verdictOf(JSON.stringify(shape.build(size)), level, way),
    target: ms <= targetOfVerdict && ratio <= targetOfDoubling ? "met" : "MISSED",
  };
  console.error(Object.values(row).join(", "));
  return row;
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
console.log(JSON.stringify({ load: loadavg()[0], clockOfShort, typical, worst }));
