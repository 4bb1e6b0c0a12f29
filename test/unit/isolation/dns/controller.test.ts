import { expect, test } from "vitest";
import { allowDNSPolicy, defaultDenyPolicy } from "../../../../src/api/names.ts";
import { desiredCompanion } from "../../../../src/isolation/dns/companion.ts";
import type { Finding } from "../../../../src/isolation/dns/discovery.ts";
import { createBench } from "./bench.ts";
import { allowKubeDNS, dnsPorts, pods } from "./clusters.ts";

const kubeDNS: Finding = { kind: "found", egress: allowKubeDNS, problems: [] };
const elsewhere = [{ to: [pods({ app: "dns" })], ports: dnsPorts }];
const moved: Finding = { kind: "found", egress: elsewhere, problems: [] };
const none: Finding = { kind: "none", problems: [] };

test("a namespace gets its companion once it is isolated, by one write", async () => {
  const bench = createBench(kubeDNS);
  void bench.start();
  bench.label("shop");
  await bench.pass(100);
  expect(bench.writes).toEqual([]);

  bench.denyAll("shop");
  await bench.pass(60_000);

  expect(bench.writes).toEqual(["shop 1"]);
  expect(bench.companions.stored.get(`shop/${allowDNSPolicy}`)).toMatchObject(
    desiredCompanion("shop", allowKubeDNS),
  );
  expect(bench.events).toEqual([
    { kind: "dns-found", egress: allowKubeDNS, problems: [] },
    { kind: "companion-applied", namespace: "shop", reason: "missing" },
  ]);
});

test("namespaces that are isolated already get theirs at a pace, and those in place no write", async () => {
  const bench = createBench(kubeDNS);
  for (const name of ["a", "b", "c"]) bench.isolate(name);
  bench.put(desiredCompanion("b", allowKubeDNS));
  void bench.start();
  await bench.pass(20);
  expect(bench.writes).toEqual(["a 1"]);
  await bench.pass(60);
  expect(bench.writes).toEqual(["a 1", "c 1"]);
});

test("an edited and a deleted companion are repaired at once, in place", async () => {
  const bench = createBench(kubeDNS);
  void bench.start();
  bench.isolate("shop");
  await bench.pass(100);
  const { uid } = bench.companions.stored.get(`shop/${allowDNSPolicy}`)?.metadata ?? {};

  bench.put({ ...desiredCompanion("shop", allowKubeDNS), spec: { podSelector: {}, egress: [{}] } });
  await bench.pass(30);
  expect(bench.stored("shop")).toEqual(allowKubeDNS);
  expect(bench.companions.stored.get(`shop/${allowDNSPolicy}`)?.metadata?.uid).toBe(uid);
  bench.remove("shop");
  await bench.pass(30);

  expect(bench.stored("shop")).toEqual(allowKubeDNS);
  expect(bench.events.slice(2)).toEqual([
    { kind: "companion-applied", namespace: "shop", reason: "different" },
    { kind: "companion-applied", namespace: "shop", reason: "missing" },
  ]);
});

test("a deny-all that is gone is nothing to put a companion beside", async () => {
  const bench = createBench(kubeDNS);
  void bench.start();
  bench.isolate("shop");
  await bench.pass(100);
  bench.remove("shop", defaultDenyPolicy);
  bench.remove("shop");
  await bench.pass(100);
  expect(bench.writes).toEqual(["shop 1"]);
  bench.denyAll("shop");
  await bench.pass(100);
  expect(bench.writes).toEqual(["shop 1", "shop 1"]);
});

test("when the DNS changes the companions follow, once it has settled", async () => {
  const bench = createBench(kubeDNS);
  void bench.start();
  for (const name of ["a", "b"]) bench.isolate(name);
  await bench.pass(200);
  bench.find(none);
  await bench.pass(500);
  bench.find(moved);
  await bench.pass(2000);

  expect(bench.writes).toEqual(["a 1", "b 1", "a 1", "b 1"]);
  expect([bench.stored("a"), bench.stored("b")]).toEqual([elsewhere, elsewhere]);
  expect(bench.events.filter(({ kind }) => kind.startsWith("dns"))).toEqual([
    { kind: "dns-found", egress: allowKubeDNS, problems: [] },
    { kind: "dns-found", egress: elsewhere, problems: [] },
  ]);
});

test("a DNS that is not found any more takes nothing away, and is told once", async () => {
  const bench = createBench(kubeDNS);
  void bench.start();
  bench.isolate("shop");
  await bench.pass(200);
  for (let index = 0; index < 3; index++) {
    bench.find(none);
    await bench.pass(2000);
  }
  bench.isolate("later");
  await bench.pass(2000);

  expect(bench.writes).toEqual(["shop 1"]);
  expect(bench.stored("shop")).toEqual(allowKubeDNS);
  expect(bench.events.slice(2)).toEqual([{ kind: "dns-not-found", problems: [] }]);
});

test("as long as nothing was read nothing is said", async () => {
  const bench = createBench({ kind: "unknown" });
  void bench.start();
  bench.isolate("shop");
  await bench.pass(2000);
  expect([bench.events, bench.writes]).toEqual([[], []]);
  bench.find(kubeDNS);
  await bench.pass(2000);
  expect(bench.writes).toEqual(["shop 1"]);
});

test("what our own rules refuse is never written", async () => {
  const egress = [{ to: [{ namespaceSelector: {} }], ports: dnsPorts }];
  const bench = createBench({ kind: "found", egress, problems: [] });
  void bench.start();
  bench.isolate("shop");
  await bench.pass(2000);
  expect(bench.writes).toEqual([]);
  expect(bench.events).toEqual([
    {
      kind: "dns-refused",
      egress,
      refusals: [expect.stringMatching(/^no-unnamed-namespaces at /)],
    },
  ]);
});

test("switched off, companions are emptied, and filled again when it is switched on", async () => {
  const bench = createBench(kubeDNS);
  void bench.start();
  bench.isolate("shop");
  await bench.pass(100);
  bench.settings = { ...bench.settings, allowDNS: "disabled" };
  bench.resync();
  await bench.pass(100);
  expect(bench.stored("shop")).toEqual([]);
  bench.isolate("later");
  await bench.pass(100);
  expect(bench.stored("later")).toBeUndefined();

  bench.settings = { ...bench.settings, allowDNS: "auto" };
  bench.resync();
  await bench.pass(200);
  expect([bench.stored("shop"), bench.stored("later")]).toEqual([allowKubeDNS, allowKubeDNS]);
});

test("a failed write is tried again later and later, and delays no other namespace", async () => {
  const bench = createBench(kubeDNS);
  bench.failing = 3;
  void bench.start();
  bench.isolate("shop");
  await bench.pass(100);
  bench.failing = 0;
  bench.isolate("other");
  await bench.pass(100);
  expect(bench.writes).toEqual(["shop 1", "other 1"]);
  await bench.pass(1000);
  expect(bench.writes).toEqual(["shop 1", "other 1", "shop 1"]);
  expect(bench.events.filter(({ kind }) => kind === "companion-failed")).toEqual([
    {
      kind: "companion-failed",
      namespace: "shop",
      error: new Error("the webhook cannot be reached"),
      failures: 1,
      retryInMs: 1000,
    },
  ]);
});

test("a rival that keeps changing the companion is met with pauses, and told once per pause", async () => {
  const bench = createBench(kubeDNS);
  void bench.start();
  bench.isolate("shop");
  for (let second = 0; second < 120; second++) {
    bench.put({ ...desiredCompanion("shop", []), spec: { podSelector: {} } });
    await bench.pass(1000);
  }
  expect(bench.writes.length).toBeLessThan(15);
  const contended = bench.events.filter(({ kind }) => kind === "companion-contended");
  expect(contended.length).toBeGreaterThan(0);
  expect(contended.length).toBeLessThan(bench.writes.length);
});

test("ended, it does nothing more, and leaves nobody asleep", async () => {
  const bench = createBench(kubeDNS);
  for (const name of ["a", "b", "c"]) bench.isolate(name);
  const ended = bench.start();
  await bench.clock.advance(0);
  bench.find(moved);
  bench.stop();
  await ended;
  await bench.pass(5000);
  // The one that was under way already; the next waited for its turn.
  expect(bench.writes).toEqual(["a 1"]);
  expect(bench.clock.sleeping()).toBe(0);
});
