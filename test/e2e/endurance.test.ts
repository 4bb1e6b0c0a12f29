import { describe, test } from "vitest";
import { freezeLeader } from "../guarantee/frozen.ts";
import { contend, writesAtMost } from "../guarantee/rival.ts";
import { loadAssets, sharedControlPlane } from "../support/controlplane.ts";

const { signal } = new AbortController();
/** Each takes 45 s, and on a machine that has no time for it much longer. */
const limitMs = 300_000;

// Each waits most of its time, on a control plane of its own: so both at once.
describe.concurrent("in the long run", () => {
  test(
    "a rival who undoes everything each second gets neither a war nor the last word",
    async ({ expect }) => {
      const assets = await loadAssets(sharedControlPlane().assetsDirectory, signal);
      const rivalry = await contend(assets, 30, signal);
      expect(rivalry.rivalWrites).toBe(30);
      expect(rivalry.writes).toBeLessThanOrEqual(writesAtMost);
      expect(rivalry.contended).toBeGreaterThan(0);
      expect(rivalry.otherRepairedMs).toBeLessThan(5000);
    },
    limitMs,
  );

  test(
    "a leader that was frozen for longer than its lease leaves the other one to lead, and changes nothing",
    async ({ expect }) => {
      const assets = await loadAssets(sharedControlPlane().assetsDirectory, signal);
      const plan = { times: 1, freezeMs: 20_000, watchMs: 5000 };
      const [freeze] = await freezeLeader(assets, plan, signal);
      expect(freeze?.problems).toEqual([]);
      expect(freeze?.silentMs).toBeGreaterThan(14_900);
    },
    limitMs,
  );
});
