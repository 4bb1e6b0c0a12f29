import { describe, test } from "vitest";
import { startCold } from "../guarantee/coldstart.ts";
import { freezeLeader } from "../guarantee/frozen.ts";
import { contend, writesAtMost } from "../guarantee/rival.ts";
import { loadAssets, sharedControlPlane } from "../support/controlplane.ts";

const { signal } = new AbortController();
const limitMs = 150_000;

// Each waits most of its time, on a control plane of its own: so all at once.
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
      expect(freeze?.takeoverMs).toBeGreaterThan(10_000);
    },
    limitMs,
  );

  test(
    "from nothing to ready among 100 namespaces in 3 s, and from then on every call is answered",
    async ({ expect }) => {
      const assets = await loadAssets(sharedControlPlane().assetsDirectory, signal);
      const population = { namespaces: 100, policiesEach: 4 };
      const starts = await startCold(assets, population, 5, signal);
      expect(starts.flatMap(({ wrong }) => wrong)).toEqual([]);
      expect(starts.every(({ calls }) => calls > 0)).toBe(true);
      // The others share the machine with what runs beside them.
      const ready = starts.map(({ webhookMs, controllerMs }) => Math.max(webhookMs, controllerMs));
      expect(Math.min(...ready)).toBeLessThanOrEqual(3000);
    },
    limitMs,
  );
});
