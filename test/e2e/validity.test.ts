import { describe, expect, test } from "vitest";
import { createRandom } from "../fuzz/random.ts";
import { sharedControlPlane } from "../support/controlplane.ts";
import { openRawClient } from "../support/rawclient.ts";
import { createPath, differences, minorOf } from "../support/validityanswer.ts";
import { generateObject } from "../support/validityobjects.ts";

// Both can be set to run longer, or to have one case of a run again.
const seed = Number(process.env["VALIDITY_SEED"] ?? Date.now() % 1_000_000);
const cases = Number(process.env["VALIDITY_CASES"] ?? 400);

describe("validity of NetworkPolicies", () => {
  test(`says of ${cases} objects what the API server says (seed ${seed})`, async () => {
    const { version } = sharedControlPlane();
    await using client = await openRawClient();
    const found: string[] = [];
    let accepted = 0;
    async function ask(index: number): Promise<void> {
      const object = generateObject(createRandom(seed, index));
      const answer = await client.call({ method: "POST", path: createPath, body: object });
      if (answer.status === 201) accepted += 1;
      for (const one of differences(object, answer, minorOf(version))) {
        found.push(`case ${index}: ${one}\n  ${JSON.stringify(object).slice(0, 2000)}`);
      }
    }
    const width = 20;
    for (let start = 0; start < cases; start += width) {
      const batch = Array.from({ length: Math.min(width, cases - start) }, (_, at) => start + at);
      await Promise.all(batch.map(ask));
    }
    expect(found).toEqual([]);
    // Of a run worth its name, many are accepted and many refused.
    expect(accepted).toBeGreaterThan(cases / 5);
    expect(cases - accepted).toBeGreaterThan(cases / 5);
  }, 600_000);
});
