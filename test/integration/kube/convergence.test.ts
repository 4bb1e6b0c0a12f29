import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Change } from "../../../src/kube/cache.ts";
import type { KubeObject } from "../../../src/kube/object.ts";
import type { Fault } from "../../support/fakeapiserver/faults.ts";
import { eventually, type Setup, setUp } from "./setup.ts";
import { path, put, startWatching, type Watching } from "./watching.ts";

type Name = "a" | "b" | "c" | "d";
type Step =
  | { readonly do: "create" | "update" | "remove" | "recreate"; readonly name: Name }
  | { readonly do: "freeze" | "reset" | "end" | "compact" }
  | { readonly do: "fail"; readonly on: "list" | "watch"; readonly fault: Fault }
  | { readonly do: "wait"; readonly ms: number };

const status = (code: number): Fault => ({ kind: "status", code });

const anyFault: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("fail" as const),
    on: fc.constantFrom("list" as const, "watch" as const),
    fault: fc.constantFrom<Fault>(
      status(410),
      status(429),
      status(500),
      { kind: "reset" },
      { kind: "stall" },
    ),
  }),
  fc.record({
    do: fc.constant("fail" as const),
    on: fc.constant("watch" as const),
    fault: fc.constantFrom<Fault>(
      { kind: "half-open" },
      { kind: "end" },
      { kind: "expired" },
      { kind: "cut-line" },
      { kind: "slow-events", ms: 5 },
    ),
  }),
);

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom("create", "update", "remove", "recreate"),
      name: fc.constantFrom("a", "b", "c", "d"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("freeze", "reset", "end", "compact") }) },
  { weight: 2, arbitrary: anyFault },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 12 }) }),
  },
);

let revision = 0;

async function take({ api }: Setup, step: Step): Promise<void> {
  switch (step.do) {
    case "create":
    case "update":
      revision += 1;
      api.put(`${path}/${step.name}`, { metadata: { labels: { revision: String(revision) } } });
      return;
    case "remove":
      api.remove(`${path}/${step.name}`);
      return;
    case "recreate":
      if (api.get(`${path}/${step.name}`)) api.recreate(`${path}/${step.name}`);
      return;
    case "freeze":
    case "reset":
    case "end":
      for (const watch of api.watches()) watch[step.do]();
      return;
    case "compact":
      api.compact();
      return;
    case "fail":
      api.fail({ on: step.on }, step.fault);
      return;
    case "wait":
      await new Promise((resolve) => setTimeout(resolve, step.ms));
  }
}

/** What somebody knows who only listened; every change must fit what was told before. */
class Listener {
  readonly known = new Map<string, KubeObject>();
  readonly contradictions: string[] = [];

  readonly hear = ({ type, key, object, previous }: Change<KubeObject>): void => {
    const before = this.known.get(key);
    const fits =
      type === "added"
        ? before === undefined && previous === undefined
        : before !== undefined && before === previous && uid(before) === uid(object);
    if (!fits) this.contradictions.push(`${type} ${key}`);
    if (type === "deleted") this.known.delete(key);
    else this.known.set(key, object);
  };
}

function uid(object: KubeObject): string {
  return object.metadata.uid ?? "";
}

function picture(objects: Iterable<KubeObject>): string {
  const lines = Array.from(objects, ({ metadata }) => {
    return `${metadata.name ?? ""} ${metadata.uid ?? ""} ${metadata.resourceVersion ?? ""}`;
  });
  return lines.toSorted((a, b) => (a < b ? -1 : 1)).join("\n");
}

async function converges(setup: Setup, watch: Watching, listener: Listener): Promise<void> {
  const truth = (): string => picture(setup.api.objects(path).values());
  await eventually(
    () => watch.reflector.synced && picture(watch.reflector.list()) === truth(),
    () => `the server has\n${truth()}\nthe reflector\n${picture(watch.reflector.list())}`,
    4000,
  );
  expect(picture(listener.known.values())).toBe(truth());
  expect(listener.contradictions).toEqual([]);
}

test("any sequence of changes, faults and re-creations ends in the server's truth", async () => {
  const runs = fc.asyncProperty(
    fc.array(anyStep, { maxLength: 40, size: "max" }),
    async (steps) => {
      await using setup = await setUp({ bookmarkMs: 15, requestTimeoutMs: 60 });
      const listener = new Listener();
      const timing = { silenceMs: 60, backoff: { baseMs: 1, capMs: 10 } };
      put(setup, "a", "b");
      await using watch = startWatching(setup, { onChange: listener.hear, timing });
      await watch.reflector.whenSynced(setup.signal);
      for (const step of steps) {
        // oxlint-disable-next-line no-await-in-loop -- one step after the other
        await take(setup, step);
      }
      await converges(setup, watch, listener);
    },
  );
  const outcome = await fc.check(runs, { numRuns: 50, endOnFailure: true });
  expect(fc.defaultReportMessage(outcome)).toBe(undefined);
});

test("with comparisons, even watches that swallow events end in the server's truth", async () => {
  const runs = fc.asyncProperty(
    fc.array(anyStep, { maxLength: 20, size: "max" }),
    async (steps) => {
      await using setup = await setUp({ bookmarkMs: 15, requestTimeoutMs: 60 });
      const listener = new Listener();
      const timing = {
        silenceMs: 60,
        backoff: { baseMs: 1, capMs: 10 },
        driftCheckMs: 40,
        driftGraceMs: 15,
      };
      setup.api.fail({ on: "watch", times: 2 }, { kind: "bookmarks-only" });
      put(setup, "a", "b");
      await using watch = startWatching(setup, { onChange: listener.hear, timing });
      await watch.reflector.whenSynced(setup.signal);
      for (const step of steps) {
        // oxlint-disable-next-line no-await-in-loop -- one step after the other
        await take(setup, step);
      }
      await converges(setup, watch, listener);
    },
  );
  const outcome = await fc.check(runs, { numRuns: 25, endOnFailure: true });
  expect(fc.defaultReportMessage(outcome)).toBe(undefined);
});
