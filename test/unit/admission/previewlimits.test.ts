import { describe, expect, test } from "vitest";
import type { Clock } from "../../../src/admission/ports.ts";
import type { Finding } from "../../../src/engine/finding.ts";
import { preview, relabelled, stored } from "../../support/reviewpreview.ts";
import { anyone, bad, wide, type Verdicts } from "../../support/reviewvalidate.ts";

const request = relabelled({}, { enforce: "restricted" });

const onlyAnyone: Verdicts = { restricted: { findings: [anyone], notes: [] } };

function named(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `p${String(index).padStart(4, "0")}`);
}

function broken(rule: string): Finding {
  return { ...wide, rule };
}

function all(names: readonly string[], verdict: Verdicts): { readonly [name: string]: Verdicts } {
  return Object.fromEntries(names.map((name) => [name, verdict]));
}

describe("what is judged at once", () => {
  test("is a thousand policies, in order of names, and it is said that there are more", async () => {
    const names = named(1_001);
    const { answer, judged } = preview({ networkPolicies: stored(...names.toReversed()) });
    expect((await answer(request)).warnings).toEqual([
      "stopped after 1000 of 1001 policies: no more are previewed at once",
    ]);
    expect(judged).toEqual(names.slice(0, 1_000).map((name) => `shop/${name} restricted:v1`));
  });

  test("is all of exactly a thousand", async () => {
    const { answer, judged } = preview({ networkPolicies: stored(...named(1_000)) });
    expect((await answer(request)).warnings).toBeUndefined();
    expect(judged).toHaveLength(1_000);
  });

  test("comes first in the warnings, before what was found until then", async () => {
    const names = named(1_200);
    const { answer } = preview({ verdicts: all(names, onlyAnyone) });
    expect((await answer(request)).warnings).toEqual([
      "stopped after 1000 of 1200 policies: no more are previewed at once",
      '1000 of 1000 existing NetworkPolicies of namespace "shop" would violate restricted:v1 (enforce)',
      ...named(7).map((name) => `NetworkPolicy "${name}" would violate restricted:v1: no-anyone`),
      "and 993 more",
    ]);
  });
});

/** Judging takes `cost` on this clock, whose pauses let `passes` happen in between. */
function workingClock(cost: number, onPause: (pauses: number) => void) {
  let now = 0;
  let pauses = 0;
  const clock: Clock = {
    now: () => now,
    sleep: async () => {
      pauses += 1;
      onPause(pauses);
    },
  };
  return { clock, work: () => void (now += cost), pauses: () => pauses };
}

describe("when time is up", () => {
  test("the answer is what was found so far, and says how far it came", async () => {
    const stop = new AbortController();
    // 2 ms per policy and a pause after 5: three between two pauses.
    const { clock, work } = workingClock(2, (pauses) => {
      if (pauses === 2) stop.abort();
    });
    const names = named(100);
    const { answer, judged, decisions } = preview({
      verdicts: all(names, onlyAnyone),
      clock,
      onJudge: work,
    });
    expect((await answer(request, stop.signal)).warnings).toEqual([
      "stopped after 6 of 100 policies: half of the time that the API server waits was over",
      '6 of 6 existing NetworkPolicies of namespace "shop" would violate restricted:v1 (enforce)',
      ...named(6).map((name) => `NetworkPolicy "${name}" would violate restricted:v1: no-anyone`),
    ]);
    expect(judged).toHaveLength(6);
    expect(decisions).toMatchObject([{ because: "previewed", decision: "allow" }]);
  });

  test("before the first one, that is said too", async () => {
    const { answer, judged } = preview({ verdicts: all(["open"], bad) });
    expect((await answer(request, AbortSignal.abort())).warnings).toEqual([
      "stopped after 0 of 1 policies: half of the time that the API server waits was over",
    ]);
    expect(judged).toEqual([]);
  });

  test("between two levels, the policy that is only half judged does not count", async () => {
    const stop = new AbortController();
    const { clock, work } = workingClock(10, () => stop.abort());
    const { answer, judged } = preview({ verdicts: all(["open"], bad), clock, onJudge: work });
    const both = relabelled({}, { enforce: "restricted", warn: "baseline" });
    expect((await answer(both, stop.signal)).warnings).toEqual([
      "stopped after 0 of 1 policies: half of the time that the API server waits was over",
    ]);
    expect(judged).toEqual(["shop/open restricted:v1"]);
  });

  test("others had their turn before: a preview pauses every few milliseconds", async () => {
    const { clock, work, pauses } = workingClock(1, () => {});
    const { answer } = preview({ networkPolicies: stored(...named(50)), clock, onJudge: work });
    await answer(request);
    expect(pauses()).toBe(9);
  });
});

describe("a warning stays within its length", () => {
  test("a long name leaves room for the rules", async () => {
    const { answer } = preview({ verdicts: { ["n".repeat(253)]: bad } });
    expect((await answer(request)).warnings?.at(1)).toBe(
      `NetworkPolicy "${"n".repeat(119)}…" would violate restricted:v1: no-anyone, require-ports`,
    );
  });

  test("of many rules the last ones are counted", async () => {
    const rules = [
      "no-unnamed-namespaces",
      "no-weakening-annotation",
      "no-metadata-endpoint",
      "no-forgeable-selectors",
      "require-canonical-address",
    ];
    const findings = [anyone, wide, ...rules.map(broken)];
    const { answer } = preview({
      verdicts: { ["n".repeat(100)]: { restricted: { findings, notes: [] } } },
    });
    expect((await answer(request)).warnings?.at(1)).toBe(
      `NetworkPolicy "${"n".repeat(100)}" would violate restricted:v1: no-anyone, require-ports, no-unnamed-namespaces, no-weakening-annotation, no-metadata-endpoint and 2 more`,
    );
  });
});
