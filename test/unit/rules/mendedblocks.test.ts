import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { mended } from "../../support/mended.ts";

const ports443 = "ports: [{port: 443}]";
const withoutPrivate =
  "except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 169.254.0.0/16]";

function egress(...rules: readonly string[]): string {
  return `{policyTypes: [Egress], egress: [${rules.map((rule) => `{${rule}}`).join(", ")}]}`;
}

function toBlock(block: string): string {
  return egress(`to: [{ipBlock: ${block}}]`);
}

function fromBlock(block: string): string {
  return `ingress: [{from: [{ipBlock: ${block}}], ${ports443}}]`;
}

function halves(low: string, high: string): string {
  return egress(
    `to: [{ipBlock: {cidr: 0.0.0.0/1${low}}}], ${ports443}`,
    `to: [{ipBlock: {cidr: 128.0.0.0/1${high}}}, {ipBlock: {cidr: 10.1.0.0/24}}], ${ports443}`,
  );
}

function besideInternet(ports: string): string {
  return egress(
    'to: [{ipBlock: {cidr: "2000::/3"}}], ports: [{port: 443}]',
    `to: [{ipBlock: {cidr: 44.0.0.0/8}}], ports: [{${ports}}]`,
  );
}

describe("a credential endpoint", () => {
  test("is left out of its block, beside what was left out before", () => {
    expect(mended(toBlock("{cidr: 169.254.0.0/16}"))).toEqual([
      [
        "no-metadata-endpoint",
        parse(toBlock("{cidr: 169.254.0.0/16, except: [169.254.169.254/32]}")),
      ],
    ]);
    expect(mended(toBlock("{cidr: 169.254.0.0/16, except: [169.254.1.0/24]}"))).toEqual([
      [
        "no-metadata-endpoint",
        parse(toBlock("{cidr: 169.254.0.0/16, except: [169.254.1.0/24, 169.254.169.254/32]}")),
      ],
    ]);
    expect(mended(toBlock('{cidr: "64:ff9b::a9fe:0/112"}'))).toEqual([
      [
        "no-metadata-endpoint",
        parse(toBlock('{cidr: "64:ff9b::a9fe:0/112", except: ["64:ff9b::a9fe:a9fe/128"]}')),
      ],
    ]);
  });

  test("is removed with its block, and with a rule that has no other peer", () => {
    expect(
      mended(
        "{policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 169.254.169.254/32}}, {podSelector: {}}]}]}",
      ),
    ).toEqual([
      [
        "no-metadata-endpoint",
        parse("{policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}"),
      ],
    ]);
    expect(mended(toBlock("{cidr: 169.254.169.254/32}"))).toEqual([
      ["no-metadata-endpoint", parse("{policyTypes: [Egress], egress: []}")],
    ]);
  });

  test("leaves egress isolated when its rule was all that isolated it", () => {
    expect(mended("egress: [{to: [{ipBlock: {cidr: 169.254.169.254/32}}]}]")).toEqual([
      ["no-metadata-endpoint", parse("{policyTypes: [Ingress, Egress], egress: []}")],
    ]);
  });
});

describe("a broad block", () => {
  test("is left to the internet on few ports, private space and cluster ranges left out", () => {
    expect(mended(egress(`to: [{ipBlock: {cidr: 0.0.0.0/0}}], ${ports443}`))).toEqual([
      [
        "no-broad-addresses",
        parse(egress(`to: [{ipBlock: {cidr: 0.0.0.0/0, ${withoutPrivate}}}], ${ports443}`)),
      ],
    ]);
    expect(
      mended(egress(`to: [{ipBlock: {cidr: 44.0.0.0/6}}], ${ports443}`), "baseline", {
        clusterCIDRs: ["44.128.0.0/16", "10.244.0.0/16"],
      }),
    ).toEqual([
      [
        "no-broad-addresses",
        parse(egress(`to: [{ipBlock: {cidr: 44.0.0.0/6, except: [44.128.0.0/16]}}], ${ports443}`)),
      ],
    ]);
  });

  test("is mended together with the others that are as broad", () => {
    expect(mended(halves("", ""))).toEqual([
      [
        "no-broad-addresses",
        parse(
          halves(
            ", except: [10.0.0.0/8, 100.64.0.0/10]",
            ", except: [172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16]",
          ),
        ),
      ],
    ]);
  });

  test("has no patch on many ports, beside a name, on ingress, or at restricted", () => {
    const block = "[{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]";
    const none = [["no-broad-addresses", "none"]];
    expect(mended(egress(`to: ${block}, ports: [{port: 1, endPort: 17}]`))).toEqual(none);
    expect(mended(egress(`to: ${block}, ports: [{port: 443}, {port: web}]`))).toEqual(none);
    expect(mended(egress(`to: ${block}`))).toEqual(none);
    expect(
      mended(egress(`to: ${block}, ${ports443}`, `to: ${block}, ports: [{port: https}]`)),
    ).toEqual([...none, ...none]);
    expect(mended(`ingress: [{from: ${block}, ${ports443}}]`)).toEqual(none);
    expect(mended(egress(`to: ${block}, ${ports443}`), "restricted")).toEqual(none);
  });

  test("of the cluster's own pods loses them, or goes", () => {
    const clusterCIDRs = ["10.244.0.0/16", "10.96.0.0/12"];
    expect(
      mended(egress(`to: [{ipBlock: {cidr: 10.0.0.0/8}}], ${ports443}`), "baseline", {
        clusterCIDRs,
      }),
    ).toEqual([
      [
        "no-broad-addresses",
        parse(
          egress(
            `to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.96.0.0/12, 10.244.0.0/16]}}], ${ports443}`,
          ),
        ),
      ],
    ]);
    expect(
      mended(egress(`to: [{ipBlock: {cidr: 10.244.0.0/16}}], ${ports443}`), "baseline", {
        clusterCIDRs,
      }),
    ).toEqual([["no-broad-addresses", parse("{policyTypes: [Egress], egress: []}")]]);
  });

  test("of the cluster has no patch that would spoil what is accepted as the internet", () => {
    const clusterCIDRs = ["44.128.0.0/16"];
    expect(mended(besideInternet("port: 1, endPort: 16"), "baseline", { clusterCIDRs })).toEqual([
      ["no-broad-addresses", "none"],
    ]);
    expect(
      mended(besideInternet("port: 1, endPort: 15"), "baseline", { clusterCIDRs }),
    ).not.toEqual([["no-broad-addresses", "none"]]);
  });
});

describe("an address", () => {
  test("is written plainly, IPv4-mapped blocks with all of their excepts", () => {
    expect(mended(fromBlock("{cidr: 010.1.0.0/16}"))).toEqual([
      ["no-ambiguous-address", parse(fromBlock("{cidr: 10.1.0.0/16}"))],
    ]);
    expect(
      mended(fromBlock('{cidr: "::ffff:10.1.0.0/112", except: ["::ffff:10.1.1.0/120"]}')),
    ).toEqual(
      ["one", "two"].map(() => [
        "no-ambiguous-address",
        parse(fromBlock("{cidr: 10.1.0.0/16, except: [10.1.1.0/24]}")),
      ]),
    );
    expect(mended(fromBlock('{cidr: "64:ff9b::010.1.0.0/112"}'))).toEqual([
      ["no-ambiguous-address", parse(fromBlock('{cidr: "64:ff9b::a01:0/112"}'))],
    ]);
    expect(mended(fromBlock("{cidr: 10.1.2.3/16}"), "restricted")).toEqual([
      ["require-canonical-address", parse(fromBlock("{cidr: 10.1.0.0/16}"))],
    ]);
  });

  test("has no patch where an except is wider than its block once it is written plainly", () => {
    expect(mended(fromBlock('{cidr: 0.0.0.0/16, except: ["::ffff:0.0.0.0/104"]}'))).toEqual([
      ["no-ambiguous-address", "none"],
    ]);
  });
});
