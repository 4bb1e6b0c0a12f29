import * as fc from "fast-check";
import type { Fault, Target } from "../../support/fakeapiserver/faults.ts";

/** What somebody else does to one object. */
export type Write =
  | {
      readonly do: "put";
      readonly name: string;
      readonly team: string;
      readonly phase: string;
    }
  | { readonly do: "remove" | "recreate"; readonly name: string };

export type Step =
  | Write
  | { readonly do: "freeze" | "reset" | "end" | "compact" }
  /** A backup comes back, and somebody writes before anybody has seen it. */
  | { readonly do: "restore"; readonly writes: readonly Write[] }
  | { readonly do: "fail"; readonly on: Target["on"]; readonly fault: Fault }
  | { readonly do: "wait"; readonly ms: number };

const name = fc.constantFrom("a", "b", "c", "d", "e", "f", "g");

export const anyWrite: fc.Arbitrary<Write> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("put" as const),
      name,
      team: fc.constantFrom("x", "y"),
      phase: fc.constantFrom("Active", "Terminating"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("remove" as const, "recreate" as const), name }),
  },
);

const status = (code: number, reason: string): Fault => ({ kind: "status", code, reason });

/** Refusals that say when to come back, in the header or, as "Too large resource version", in the Status. */
const anyThrottle: fc.Arbitrary<Fault> = fc
  .tuple(fc.constantFrom(429, 503, 504), fc.constantFrom(1, 2, 7, 40))
  .map(([code, retryAfterSeconds]) => ({
    kind: "status",
    code,
    reason: code === 504 ? "Timeout" : "",
    retryAfterSeconds,
    retryAfterIn: code === 504 ? "details" : "header",
  }));

const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  anyThrottle,
  fc.constantFrom<Fault>(
    status(410, "Expired"),
    status(429, "TooManyRequests"),
    status(500, "InternalError"),
    status(403, "Forbidden"),
    { kind: "reset" },
    { kind: "stall" },
    { kind: "delay", ms: 900 },
  ),
);

const anyWatchFault = fc.constantFrom<Fault>(
  { kind: "half-open" },
  { kind: "end" },
  { kind: "expired" },
  { kind: "cut-line" },
  { kind: "slow-events", ms: 5 },
  // A replica that lags.
  { kind: "slow-events", ms: 3000 },
);

const anyWait = fc.oneof(
  fc.integer({ min: 0, max: 12 }),
  fc.integer({ min: 100, max: 3000 }),
  fc.integer({ min: 3000, max: 20_000 }),
);

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: anyWrite },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("freeze", "reset", "end", "compact") }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("restore" as const),
      writes: fc.array(anyWrite, { maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("fail" as const),
      on: fc.constantFrom<Target["on"]>("list", "next-page", "watch"),
      fault: anyFault,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("fail" as const),
      on: fc.constant<Target["on"]>("watch"),
      fault: anyWatchFault,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: anyWait }) },
);
