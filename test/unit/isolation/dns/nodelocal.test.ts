import { expect, test } from "vitest";
import { fromNodeLocalCaches } from "../../../../src/isolation/dns/nodelocal.ts";
import { cache, dnsPorts, pods } from "./clusters.ts";

function blocks(...cidrs: readonly string[]) {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}

test.each<[string, readonly string[], readonly string[]]>([
  ["upstream's", ["-localip", "169.254.20.10,10.96.0.10"], ["10.96.0.10/32", "169.254.20.10/32"]],
  ["kubespray's", ["-localip", "169.254.25.10"], ["169.254.25.10/32"]],
  ["in one word", ["-localip=169.254.20.10"], ["169.254.20.10/32"]],
  [
    "with two dashes",
    ["--localip", "169.254.20.10, fd00::10"],
    ["169.254.20.10/32", "fd00::10/128"],
  ],
  [
    "with a placeholder left",
    ["-localip", "169.254.20.10,__PILLAR__DNS__SERVER__"],
    ["169.254.20.10/32"],
  ],
  ["with what is no address", ["-localip", "169.254.20.10/16,fe80::1%eth0,dns"], []],
  ["without a value", ["-localip"], []],
  ["with another flag", ["-localipx", "169.254.20.10"], []],
])("the addresses of a cache, %s, are allowed one by one", (_name, words, cidrs) => {
  const expected = cidrs.length > 0 ? [{ to: blocks(...cidrs), ports: dnsPorts }] : [];
  expect(fromNodeLocalCaches([cache(words)])).toEqual(expected);
});

test("caches of several kinds of nodes are allowed together, each address once", () => {
  const caches = [
    cache(["-localip", "169.254.20.10,10.96.0.10"]),
    cache(["-localip", "169.254.20.11,10.96.0.10"]),
  ];
  expect(fromNodeLocalCaches(caches)).toEqual([
    { to: blocks("10.96.0.10/32", "169.254.20.10/32", "169.254.20.11/32"), ports: dnsPorts },
  ]);
});

test("a cache with a network of its own is allowed by its pods", () => {
  expect(fromNodeLocalCaches([cache(["-localip", "169.254.20.10"], false)])).toEqual([
    { to: [pods({ "k8s-app": "node-local-dns" })], ports: dnsPorts },
  ]);
});

test("a DaemonSet without the flag is no cache, with any name and selector", () => {
  expect(fromNodeLocalCaches([cache([]), { metadata: {}, spec: null }])).toEqual([]);
});

test("the empty selector never becomes a peer", () => {
  const { metadata, spec } = cache(["-localip", "169.254.20.10"], false);
  const open = { metadata, spec: { ...spec, selector: { matchLabels: {} } } };
  expect(fromNodeLocalCaches([open])).toEqual([]);
});
