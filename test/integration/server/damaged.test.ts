import { Agent } from "node:https";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Handlers } from "../../../src/admission/ports.ts";
import { denied } from "../../../src/admission/responses.ts";
import { judgeReview } from "../../contract/judge.ts";
import { policyRequest, reviewOf } from "../../support/review.ts";
import { startServer } from "../../support/reviewserver.ts";

// As in production, and first: what breaks under it breaks here.
Object.freeze(Object.prototype);

const no: Handlers = {
  validate: async ({ uid }) => denied(uid, "no"),
  mutate: async ({ uid }) => denied(uid, "no"),
  gate: async ({ uid }) => denied(uid, "no"),
  namespaces: async ({ uid }) => denied(uid, "no"),
};
const { uid } = policyRequest();
const good = Buffer.from(reviewOf(policyRequest()));
const agent = new Agent({ keepAlive: true });

let running: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  running = await startServer({ handlers: () => no });
});

afterAll(async () => {
  agent.destroy();
  await running[Symbol.asyncDispose]();
});

const keyAnywhere = fc.constantFrom(
  '"__proto__":{"uid":"forged","allowed":true},',
  '"constructor":{"prototype":{"allowed":true}},',
  '"toString":1,',
  '"uid":{"toString":1},',
);

/** The good review with a piece cut out, put in, or both, at any byte. */
const damaged = fc
  .tuple(
    fc.nat(good.length),
    fc.nat(40),
    fc.oneof(
      keyAnywhere.map((key) => Buffer.from(key)),
      fc.uint8Array({ maxLength: 20 }),
    ),
  )
  .map(([start, length, insert]) =>
    Buffer.concat([good.subarray(0, start), insert, good.subarray(start + length)]),
  );

/** What is wrong with an answer: a bare 400 is a clear one, anything else must be a review. */
function problemsOf(status: number, text: string): readonly string[] {
  if (status === 400) return [];
  if (status !== 200) return [`status ${status}`];
  const review: unknown = JSON.parse(text);
  const answered: unknown = Object(Object(review)["response"])["uid"];
  return judgeReview({ webhook: "validate", uid: String(answered) }, review);
}

test("no damage to a review is a yes, a crash or a bare 5xx", async () => {
  await fc.assert(
    fc.asyncProperty(damaged, async (body) => {
      const headers = { "content-type": "application/json" };
      const { status, body: text } = await running.send("/v1/validate", body, { headers, agent });
      expect(text).not.toContain('"allowed":true');
      expect(problemsOf(status, text)).toEqual([]);
    }),
    { numRuns: 500 },
  );
  const { body } = await running.send("/v1/validate", good);
  expect(JSON.parse(body)).toMatchObject({ response: { uid, allowed: false } });
});
