import { describe, expect, test } from "vitest";
import { namespaceRequest, policyRequest } from "../../support/review.ts";
import { levels, preview, relabelled } from "../../support/reviewpreview.ts";
import { anyone, bad, wide } from "../../support/reviewvalidate.ts";

const { uid } = namespaceRequest({});
const onlyRestricted = { restricted: { findings: [wide], notes: [] } };
const restricted = { enforce: "restricted" };

describe("a namespace whose level is raised", () => {
  test("is told which of its policies would violate it, the most severe first", async () => {
    const unjudged = { findings: [], unjudged: { path: "spec", message: "is too new" }, notes: [] };
    const { answer, decisions } = preview({
      verdicts: {
        alpha: {},
        beta: onlyRestricted,
        gamma: bad,
        delta: { restricted: unjudged },
        epsilon: { restricted: { findings: [anyone], notes: [] } },
      },
    });
    expect(await answer(relabelled({}, restricted))).toEqual({
      uid,
      allowed: true,
      warnings: [
        '4 of 5 existing NetworkPolicies of namespace "shop" would violate restricted:v1 (enforce)',
        'NetworkPolicy "delta" cannot be judged by restricted:v1 at spec: is too new',
        'NetworkPolicy "gamma" would violate restricted:v1: no-anyone, require-ports',
        'NetworkPolicy "epsilon" would violate restricted:v1: no-anyone',
        'NetworkPolicy "beta" would violate restricted:v1: require-ports',
      ],
    });
    expect(decisions).toMatchObject([
      {
        webhook: "namespaces",
        because: "previewed",
        decision: "allow",
        enforced: "restricted:v1",
      },
    ]);
  });

  test("is told nothing when all of them meet it", async () => {
    const { answer, judged } = preview({ verdicts: { one: {}, two: {} } });
    expect(await answer(relabelled({}, restricted))).toEqual({ uid, allowed: true });
    expect(judged).toEqual(["shop/one restricted:v1", "shop/two restricted:v1"]);
  });

  test("gets the same answer in a dry run", async () => {
    const verdicts = { open: bad };
    const real = await preview({ verdicts }).answer(relabelled({}, restricted));
    const dry = preview({ verdicts });
    expect(await dry.answer(relabelled({}, restricted, { dryRun: true }))).toEqual(real);
    expect(dry.decisions).toMatchObject([{ dryRun: true, because: "previewed" }]);
  });

  test("in several modes at once is judged once per level and version", async () => {
    const { answer, judged } = preview({ verdicts: { open: bad } });
    const before = { audit: "privileged", warn: "privileged" };
    const after = { enforce: "restricted", audit: "restricted", warn: "baseline" };
    expect((await answer(relabelled(before, after))).warnings).toEqual([
      '1 of 1 existing NetworkPolicies of namespace "shop" would violate restricted:v1 (enforce, audit)',
      '1 of 1 existing NetworkPolicies of namespace "shop" would violate baseline:v1 (warn)',
      'NetworkPolicy "open" would violate restricted:v1: no-anyone, require-ports',
      'NetworkPolicy "open" would violate baseline:v1: no-anyone',
    ]);
    expect(judged).toEqual(["shop/open restricted:v1", "shop/open baseline:v1"]);
  });

  test("hears of another version of the same level", async () => {
    const { answer, judged } = preview({ verdicts: { open: bad } });
    await answer(relabelled({}, { "enforce-version": "latest" }));
    expect(judged).toEqual(["shop/open baseline:latest"]);
  });

  test("hears what was not evaluated", async () => {
    const notes = ["cluster ranges unknown: not checked against pods"];
    const { answer } = preview({ verdicts: { one: { restricted: { findings: [], notes } } } });
    expect((await answer(relabelled({}, restricted))).warnings).toEqual(notes);
  });
});

describe("nothing is judged", () => {
  test.each([
    ["a label that says what the default is", {}, { enforce: "baseline" }],
    ["a level that demands nothing", {}, { enforce: "privileged" }],
    ["a label of another kind", {}, { "default-deny": "enabled" }],
    ["a removed label that said the default", { warn: "restricted" }, {}],
  ])("for %s", async (_name, before, after) => {
    const { answer, judged, decisions } = preview({ verdicts: { open: bad } });
    expect(await answer(relabelled(before, after))).toEqual({ uid, allowed: true });
    expect(judged).toEqual([]);
    expect(decisions).toMatchObject([{ because: "nothing-to-preview" }]);
  });

  test("in a new namespace, which has no policies", async () => {
    const { answer, judged } = preview({ verdicts: { open: bad } });
    expect(await answer(namespaceRequest(levels(restricted)))).toEqual({ uid, allowed: true });
    expect(judged).toEqual([]);
  });

  test("in an exempt namespace; an exempt user reads the warnings like everybody", async () => {
    const { answer, judged, decisions } = preview({ verdicts: { open: bad } });
    const request = relabelled({}, restricted, { name: "legacy", namespace: "" });
    expect(await answer(request)).toEqual({
      uid,
      allowed: true,
      auditAnnotations: { exempt: "namespace" },
    });
    expect(judged).toEqual([]);
    expect(decisions).toMatchObject([{ because: "exempt", user: "jane" }]);
    expect((await answer(relabelled({}, restricted))).warnings).toHaveLength(2);
  });

  test.each([
    ["namespaces/status", { subResource: "status" }],
    ["a deletion", { operation: "DELETE" as const, object: null }],
  ])("for %s", async (_name, changes) => {
    const { answer, judged, decisions } = preview({ verdicts: { open: bad } });
    expect(await answer(relabelled({}, restricted, changes))).toEqual({ uid, allowed: true });
    expect(judged).toEqual([]);
    expect(decisions).toMatchObject([{ because: "unrelated" }]);
  });

  test("for a NetworkPolicy: whoever sent it expects a verdict, so it is refused", async () => {
    const { answer, decisions } = preview({});
    expect((await answer(policyRequest())).allowed).toBe(false);
    expect(decisions).toMatchObject([{ because: "misdirected" }]);
  });

  test("without an object, and that is said", async () => {
    const { answer, decisions } = preview({});
    expect(await answer(namespaceRequest(null, { object: null }))).toEqual({
      uid,
      allowed: true,
      warnings: ["Ringfence was sent no namespace, so nothing was previewed"],
    });
    expect(decisions).toMatchObject([{ because: "incomplete" }]);
  });
});

describe("labels that cannot be read", () => {
  const strict =
    'label ringfence.dev/enforce: "strict": must be one of privileged, baseline, restricted; enforce is treated as restricted until it is';
  const loud =
    'label ringfence.dev/audit: "loud": must be one of privileged, baseline, restricted; audit is treated as privileged until it is';
  const quiet =
    'label ringfence.dev/warn: "": must be one of privileged, baseline, restricted; warn is treated as privileged until it is';
  const version =
    'label ringfence.dev/enforce-version: "v9": must be one of v1, latest; latest is used until it is';

  test("are named on creation, with their values and those that are allowed", async () => {
    const labels = levels({ enforce: "strict", audit: "loud", warn: "", "enforce-version": "v9" });
    const { answer } = preview({});
    expect(await answer(namespaceRequest(labels))).toEqual({
      uid,
      allowed: true,
      warnings: [strict, version, loud, quiet],
      auditAnnotations: { "namespace-errors": [strict, version, loud, quiet].join("; ") },
    });
  });

  test("mean the strictest level for enforce, and the preview says what that comes to", async () => {
    const { answer } = preview({ verdicts: { open: bad } });
    expect((await answer(relabelled({}, { enforce: "strict" }))).warnings).toEqual([
      strict,
      '1 of 1 existing NetworkPolicies of namespace "shop" would violate restricted:v1 (enforce)',
      'NetworkPolicy "open" would violate restricted:v1: no-anyone, require-ports',
    ]);
  });

  test("mean none for audit and warn", async () => {
    const { answer, judged } = preview({ verdicts: { open: bad } });
    const { warnings } = await answer(relabelled({}, { audit: "loud", warn: "" }));
    expect(warnings).toEqual([loud, quiet]);
    expect(judged).toEqual([]);
  });
});

describe("policies that cannot be had", () => {
  test("are a warning that says why, and a recorded error", async () => {
    const error = new Error("connect ECONNREFUSED");
    const networkPolicies = { list: async () => Promise.reject(error) };
    const { answer, decisions } = preview({ networkPolicies });
    expect(await answer(relabelled({}, restricted))).toEqual({
      uid,
      allowed: true,
      warnings: [
        'the existing NetworkPolicies of namespace "shop" were not previewed: the API server could not be asked',
      ],
    });
    expect(decisions).toMatchObject([{ because: "not-previewed", decision: "allow", error }]);
  });

  test("in time are a warning that says so", async () => {
    const stop = new AbortController();
    const networkPolicies = {
      list: async (_namespace: string, signal: AbortSignal) => {
        stop.abort(new Error("half of the time is over"));
        return signal.aborted ? Promise.reject(signal.reason) : [];
      },
    };
    const { answer } = preview({ networkPolicies });
    expect((await answer(relabelled({}, restricted), stop.signal)).warnings).toEqual([
      'the existing NetworkPolicies of namespace "shop" were not previewed: the API server did not answer in time',
    ]);
  });

  test("at once with too many others are a warning, and the next ones are previewed again", async () => {
    const listed = Promise.withResolvers<[]>();
    const { answer } = preview({ networkPolicies: { list: () => listed.promise } });
    const running = Array.from({ length: 4 }, () => answer(relabelled({}, restricted)));
    expect((await answer(relabelled({}, restricted))).warnings).toEqual([
      'the existing NetworkPolicies of namespace "shop" were not previewed: too many previews are running',
    ]);
    listed.resolve([]);
    await Promise.all(running);
    expect((await answer(relabelled({}, restricted))).warnings).toBeUndefined();
  });
});

test("a policy on which a rule breaks is named, and the others are judged", async () => {
  const error = new Error("a rule is broken");
  const { answer, decisions } = preview({
    verdicts: { broken: {}, open: onlyRestricted },
    onJudge: (name) => {
      if (name === "broken") throw error;
    },
  });
  expect((await answer(relabelled({}, restricted))).warnings).toEqual([
    '2 of 2 existing NetworkPolicies of namespace "shop" would violate restricted:v1 (enforce)',
    'NetworkPolicy "broken" cannot be judged by restricted:v1: Ringfence failed to judge it, see its log',
    'NetworkPolicy "open" would violate restricted:v1: require-ports',
  ]);
  expect(decisions).toMatchObject([{ because: "previewed", error }]);
});

test("policies without a name do no harm", async () => {
  const networkPolicies = { list: async () => [{}, { metadata: null }] };
  const { answer } = preview({ networkPolicies, verdicts: { "": onlyRestricted } });
  expect((await answer(relabelled({}, restricted))).warnings).toHaveLength(2);
});
