import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { mended } from "../../support/mended.ts";

const dns = "ports: [{port: 53, protocol: UDP}]";

describe("a rule that is open to everyone", () => {
  test("is left to the own namespace, in every spelling", () => {
    expect(mended("ingress: [{ports: [{port: 80}]}]")).toEqual([
      ["no-anyone", parse("ingress: [{ports: [{port: 80}], from: [{podSelector: {}}]}]")],
    ]);
    expect(mended("ingress: [null]")).toEqual([
      ["no-anyone", parse("ingress: [{from: [{podSelector: {}}]}]")],
    ]);
    expect(mended("{policyTypes: [Egress], egress: [{to: null}]}")).toEqual(
      ["no-anyone", "no-metadata-endpoint"].map((rule) => [
        rule,
        parse("{policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}"),
      ]),
    );
  });

  test("is left to the DNS pods where it is about DNS", () => {
    const pods =
      "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}";
    expect(mended(`{policyTypes: [Egress], egress: [{${dns}}]}`, "restricted")).toEqual([
      ["no-anyone", parse(`{policyTypes: [Egress], egress: [{${dns}, to: [${pods}]}]}`)],
    ]);
    expect(
      mended(`{policyTypes: [Egress], egress: [{${dns}}]}`, "restricted", { maxPorts: 0 }),
    ).toEqual([
      ["no-anyone", parse(`{policyTypes: [Egress], egress: [{${dns}, to: [{podSelector: {}}]}]}`)],
    ]);
  });
});

describe("a peer that selects namespaces nobody named", () => {
  test("keeps its pods in the own namespace", () => {
    expect(mended("ingress: [{from: [{namespaceSelector: {}}]}]")).toEqual([
      ["no-unnamed-namespaces", parse("ingress: [{from: [{podSelector: {}}]}]")],
    ]);
    const peer = "podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}";
    expect(mended(`ingress: [{from: [{namespaceSelector: {}, ${peer}}]}]`)).toEqual([
      ["no-unnamed-namespaces", parse(`ingress: [{from: [{${peer}}]}]`)],
    ]);
  });

  test("goes on demanding what it demanded of the namespace", () => {
    const notX = "matchExpressions: [{key: team, operator: NotIn, values: [x]}]";
    const name = "matchLabels: {kubernetes.io/metadata.name: shop}";
    expect(mended(`ingress: [{from: [{namespaceSelector: {${notX}}}]}]`)).toEqual([
      [
        "no-unnamed-namespaces",
        parse(`ingress: [{from: [{namespaceSelector: {${notX}, ${name}}}]}]`),
      ],
    ]);
  });

  test("has no patch where the own namespace is the one that is left out", () => {
    const notShop =
      "matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [shop]}]";
    expect(mended(`ingress: [{from: [{namespaceSelector: {${notShop}}}]}]`)).toEqual([
      ["no-unnamed-namespaces", "none"],
    ]);
  });
});

describe("a peer that relies on labels anybody can wear", () => {
  test("becomes the DNS pods where it is about DNS and any pod", () => {
    expect(
      mended(
        `{policyTypes: [Egress], egress: [{${dns}, to: [{namespaceSelector: {matchLabels: {dns: here}}}]}]}`,
        "restricted",
      ),
    ).toEqual([
      [
        "no-forgeable-selectors",
        parse(
          `{policyTypes: [Egress], egress: [{${dns}, to: [{namespaceSelector: {matchLabels: {dns: here, kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]}]}`,
        ),
      ],
    ]);
  });

  test("has no patch otherwise", () => {
    const peer = "{namespaceSelector: {matchLabels: {team: payments}}}";
    expect(mended(`ingress: [{from: [${peer}], ports: [{port: 80}]}]`, "restricted")).toEqual([
      ["no-forgeable-selectors", "none"],
    ]);
  });
});
