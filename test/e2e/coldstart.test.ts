import { expect, test } from "vitest";
import { startCold } from "../guarantee/coldstart.ts";
import { loadAssets, sharedControlPlane } from "../support/controlplane.ts";

const { signal } = new AbortController();
const population = { namespaces: 100, policiesEach: 4 };
/** Three seconds on a machine that does nothing else; `npm run guarantee -- A6` publishes the figure. */
const readyMs = 15_000;

test("five times from nothing to ready among 100 namespaces, and from then on every call is answered", async () => {
  const assets = await loadAssets(sharedControlPlane().assetsDirectory, signal);
  const starts = await startCold(assets, population, 5, signal);
  expect(starts.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(starts.filter(({ calls }) => calls > 1)).toHaveLength(5);
  const ready = starts.map(({ webhookMs, controllerMs }) => Math.max(webhookMs, controllerMs));
  expect(Math.min(...ready)).toBeLessThanOrEqual(readyMs);
}, 150_000);
