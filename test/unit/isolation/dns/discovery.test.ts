import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findDNS } from "../../../../src/isolation/dns/discovery.ts";
import { createJudge } from "../../../../src/isolation/dns/verdict.ts";
import { allowKubeDNS, cache, dnsPorts, kubeDNS, pods, seen, service, slice } from "./clusters.ts";

const localCache = cache(["-localip", "169.254.20.10,10.96.0.10"]);

test("DNS with a node-local cache is the pods of its Service and the addresses of the cache", () => {
  expect(findDNS({ ...seen(kubeDNS), daemonSets: [localCache] })).toEqual({
    kind: "found",
    egress: [
      ...allowKubeDNS,
      {
        to: [{ ipBlock: { cidr: "10.96.0.10/32" } }, { ipBlock: { cidr: "169.254.20.10/32" } }],
        ports: dnsPorts,
      },
    ],
    problems: [],
  });
});

test("a cluster without a DNS Service has no DNS, whatever else is there", () => {
  expect(findDNS({ services: [], slices: [], daemonSets: [localCache] })).toEqual({
    kind: "none",
    problems: [],
  });
});

test("one good Service is enough, and the bad one is told", () => {
  const bad = service("coredns", {}, { selector: {} });
  expect(findDNS(seen(bad, kubeDNS))).toEqual({
    kind: "found",
    egress: allowKubeDNS,
    problems: ["Service kube-system/coredns selects no pods"],
  });
});

test("the order in which things were read makes no difference", () => {
  const services = [
    kubeDNS,
    service("coredns", {}, { selector: { b: "2", a: "1" } }),
    service("kube-dns-upstream", { "k8s-app": "kube-dns" }, { ports: [{ port: 53 }] }),
  ];
  const caches = [localCache, cache(["-localip", "169.254.25.10"])];
  const once = JSON.stringify(findDNS({ services, slices: [], daemonSets: caches }));
  fc.assert(
    fc.property(
      fc.shuffledSubarray(services, { minLength: services.length }),
      fc.shuffledSubarray(caches, { minLength: caches.length }),
      (some, others) => {
        const found = findDNS({ services: some, slices: [], daemonSets: others });
        expect(JSON.stringify(found)).toBe(once);
      },
    ),
  );
});

const label = fc.constantFrom("k8s-app", "app.kubernetes.io/name", "constructor", "a");
const value = fc.constantFrom("kube-dns", "coredns", "", "b");
const labels = fc.dictionary(label, value, { maxKeys: 3 });
const port = fc.record({
  name: fc.constantFrom("dns", "dns-tcp", "metrics", "", null),
  protocol: fc.constantFrom("UDP", "TCP", "SCTP", null),
  port: fc.constantFrom(53, 9153),
  targetPort: fc.constantFrom(53, 5353, 0, "dns", null),
});

test("whatever the cluster's Services look like, our own rules have nothing against the result", () => {
  const judge = createJudge();
  const services = fc.array(
    fc
      .tuple(fc.constantFrom("kube-dns", "x"), labels, labels, fc.array(port, { maxLength: 3 }))
      .map(([name, own, selector, ports]) => service(name, own, { selector, ports })),
    { maxLength: 3 },
  );
  const addresses = fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 3 });
  fc.assert(
    fc.property(services, addresses, fc.boolean(), (some, localIPs, hostNetwork) => {
      const found = findDNS({
        services: some,
        slices: [slice("kube-dns", [{ name: "dns", protocol: "UDP", port: 5353 }])],
        daemonSets: [cache(["-localip", localIPs.join(",")], hostNetwork)],
      });
      if (found.kind !== "found") return;
      for (const { to, ports } of found.egress) {
        expect(to?.length).toBeGreaterThan(0);
        expect(ports?.length).toBeGreaterThan(0);
        expect(ports?.every((each) => Number.isInteger(each.port))).toBe(true);
      }
      // Mapped addresses are spelled ambiguously, and so judged.
      if (localIPs.some((address) => /^::ffff:/i.test(address))) return;
      expect(judge(found.egress)).toEqual([]);
    }),
  );
});

test("what anybody else could have written is judged as theirs", () => {
  const judge = createJudge();
  expect(judge([{ to: [pods()], ports: dnsPorts }])).toEqual([]);
  const judged = (rule: Parameters<typeof judge>[0][number]) =>
    judge([rule]).map((text) => text.slice(0, text.indexOf(":")));
  expect(judged({})).toEqual([
    "no-anyone at spec.egress[0]",
    "no-metadata-endpoint at spec.egress[0]",
  ]);
  expect(judged({ to: [pods()] })).toEqual(["require-ports at spec.egress[0].to[0]"]);
  expect(judged({ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: dnsPorts })).toEqual([
    "no-broad-addresses at spec.egress[0].to[0].ipBlock",
  ]);
  expect(
    judged({ to: [{ namespaceSelector: {} }], ports: [{ protocol: "UDP", port: 54 }] }),
  ).toEqual(["no-unnamed-namespaces at spec.egress[0].to[0].namespaceSelector"]);
});
