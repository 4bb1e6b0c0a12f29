import { expect, test } from "vitest";
import { sendBursts } from "../guarantee/bursts.ts";
import { loadAssets, sharedControlPlane } from "../support/controlplane.ts";

const { signal } = new AbortController();
const count = 50;

// With everything up, and with all of Ringfence dead: isolation.test.ts.
test.each(["API server killed", "two API servers"] as const)(
  `%s: of ${count} bursts no pod is stored before the deny-all of its namespace, and all are accepted in the end`,
  async (condition) => {
    const assets = await loadAssets(sharedControlPlane().assetsDirectory, signal);
    const found = await sendBursts(assets, condition, { count, seed: 1 }, signal);
    expect(found.early).toEqual([]);
    expect(found.unfinished).toEqual([]);
    expect(found).toMatchObject({ count, pods: 3 * count });
  },
  120_000,
);
