import { describe, expect, test } from "vitest";
import { createRandom, times } from "../fuzz/random.ts";
import { sharedControlPlane } from "../support/controlplane.ts";
import { openRawClient } from "../support/rawclient.ts";
import { createPath, differences, minorOf } from "../support/validityanswer.ts";
import { generateObject } from "../support/validityobjects.ts";
import { everyObject } from "../support/validitytable.ts";

// Both can be set to run longer, or to have the cases of a run again.
const seed = Number(process.env["VALIDITY_SEED"] ?? Date.now() % 1_000_000);
const cases = Number(process.env["VALIDITY_CASES"] ?? 500);

describe("validity of NetworkPolicies, as the API server sees it", () => {
  test("is the same for every value in every place", async () => {
    const { found, accepted, refused } = await askAll(everyObject());
    expect(found).toEqual([]);
    expect(accepted).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(300);
  }, 300_000);

  test(`is the same for ${cases} generated objects (seed ${seed})`, async () => {
    const objects = times(cases, (index) => generateObject(createRandom(seed, index)));
    const { found, accepted, refused } = await askAll(objects);
    expect(found).toEqual([]);
    expect(accepted).toBeGreaterThan(cases / 5);
    expect(refused).toBeGreaterThan(cases / 5);
  }, 600_000);
});

type Outcome = {
  /** Each difference between the API server's answer and ours. */
  readonly found: readonly string[];
  readonly accepted: number;
  readonly refused: number;
};

async function askAll(objects: readonly object[]): Promise<Outcome> {
  const minor = minorOf(sharedControlPlane().version);
  await using client = await openRawClient();
  const found: string[] = [];
  let accepted = 0;
  for (let start = 0; start < objects.length; start += 20) {
    const batch = objects.slice(start, start + 20).map(async (body, at) => {
      const answer = await client.call({ method: "POST", path: createPath, body });
      if (answer.status === 201) accepted += 1;
      for (const one of differences(body, answer, minor)) {
        found.push(`case ${start + at}: ${one}\n  ${JSON.stringify(body).slice(0, 2000)}`);
      }
    });
    await Promise.all(batch);
  }
  return { found, accepted, refused: objects.length - accepted };
}
