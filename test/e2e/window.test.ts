import { expect, test } from "vitest";
import { fill, namesOf, startCluster } from "../bench/isolationcluster.ts";
import { measureWindow } from "../bench/isolationwindow.ts";
import { loadAssets, sharedControlPlane } from "../support/controlplane.ts";

const existing = 300;
const plan = { existing, perSecond: 20, count: 20 * 60 };

// How long each of them waits is published by `npm run bench:isolation`: machines differ.
test("twenty new namespaces a second for a minute are all isolated, by few writes and without a list", async () => {
  const { signal } = new AbortController();
  const assets = await loadAssets(sharedControlPlane().assetsDirectory, signal);
  await using cluster = await startCluster(assets, signal);
  await fill(cluster.client, namesOf("there", existing), true, signal);
  await using ringfence = await cluster.startRingfence();
  const result = await measureWindow(cluster, ringfence, plan, signal);
  // The deny-all and the label that says so; no companion without a DNS.
  expect(result).toMatchObject({ problems: [], figures: { "writes each": 2, LISTs: 0 } });
}, 180_000);
