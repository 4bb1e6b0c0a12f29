// The same with the cluster's DNS in place: what the companion adds, and when DNS is open.
import { setTimeout as delay } from "node:timers/promises";
import { allowDNSPolicy } from "../../src/api/names.ts";
import { createDNS, getCompanion } from "../support/dnscluster.ts";
import { postNamespace } from "../support/rawclientnamespaces.ts";
import { printTable } from "./figures.ts";
import { followAudit, type Request } from "./isolationaudit.ts";
import { type BenchCluster, createPaced, namesOf } from "./isolationcluster.ts";
import { distribution } from "./isolationhistogram.ts";
import { load } from "./isolationprocess.ts";
import type { Result } from "./isolationresult.ts";
import { writesEach } from "./isolationwindow.ts";

const count = 20;
const perSecond = 5;
const patienceMs = 15_000;

/** Puts a DNS Service into the cluster and creates some more namespaces. */
export async function measureCompanion(
  { client, auditLog }: BenchCluster,
  signal: AbortSignal,
): Promise<Result> {
  await createDNS(client, 53);
  const isThere = async (name: string): Promise<boolean> =>
    (await getCompanion(client, name)).status === 200;
  const problems = [];
  let probes = 0;
  const isKnown = async (): Promise<boolean> => {
    // Namespaces that are new do not wait for those that are there already.
    const probe = `companion-probe-${probes++}`;
    await postNamespace(client, probe);
    await delay(500, undefined, { signal });
    return isThere(probe);
  };
  if (!(await waitFor(isKnown, signal))) problems.push("the cluster's DNS is not found");
  const names = namesOf("companion", count);
  const readAudit = await followAudit(auditLog);
  const busy = load();
  await createPaced(client, names, perSecond, signal);
  for (const name of names) {
    if (!(await waitFor(() => isThere(name), signal))) problems.push(`${name} has no companion`);
  }
  await delay(1000, undefined, { signal });
  const requests = await readAudit();
  const figures = {
    load: busy,
    ...distribution(untilOpen(names, requests)),
    ...writesEach(names, requests),
  };
  console.log("\nNamespace created → DNS open, by the audit log");
  printTable([figures]);
  const each = figures["writes each"];
  const targets = [{ what: "writes each, companion aside", figure: each, atMost: 3 }];
  return { part: "companion", figures, targets, problems };
}

function untilOpen(names: readonly string[], requests: readonly Request[]): readonly number[] {
  return names.flatMap((name) => {
    const here = requests.filter(({ namespace }) => namespace === name);
    const from = here.find(({ byRingfence, verb }) => !byRingfence && verb === "create");
    const to = here.find((one) => one.name === allowDNSPolicy && one.code < 300);
    return from && to ? [to.answered - from.answered] : [];
  });
}

async function waitFor(isSo: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  const limit = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > limit) return false;
    await delay(50, undefined, { signal });
  }
  return true;
}
