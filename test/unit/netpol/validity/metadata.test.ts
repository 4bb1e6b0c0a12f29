import { describe, expect, test } from "vitest";
import {
  keyRule,
  labelRule,
  refusals,
  refusalsOfMetadata,
  subdomainRule,
  valueRule,
} from "../../../support/validityrefusals.ts";

describe("metadata", () => {
  test.each([
    { name: "a-b.c" },
    { name: "x".repeat(253) },
    { generateName: "web-" },
    { generateName: `${"a".repeat(57)}.bbb` },
    { namespace: "x".repeat(63) },
    { namespace: "" },
    { labels: { "example.com/a": "b" }, annotations: { "Example.COM/A": "any text\n" } },
    { finalizers: ["kubernetes", "orphan", "example.com/x"] },
    { finalizers: ["foregroundDeletion"] },
    { uid: "x", resourceVersion: "7", generation: -1, selfLink: "/", managedFields: [{}] },
    { creationTimestamp: null, deletionTimestamp: "2026-01-02T03:04:05Z" },
  ])("can have %j", (metadata) => {
    expect(refusalsOfMetadata(metadata)).toEqual([]);
  });

  test.each([null, undefined, {}, { name: "" }, { name: null, generateName: "" }])(
    "needs a name: %j",
    (metadata) => {
      expect(refusals({ metadata })).toEqual([
        "metadata.name: Required value: name or generateName is required",
      ]);
    },
  );

  test.each(["A", "a_b", "-a", "a-", "a-.b", "a.-b", ".a", "a.", "a..b", "..", "a/b", "é"])(
    "has no name %j",
    (name) => {
      expect(refusalsOfMetadata({ name })).toEqual([
        `metadata.name: Invalid value: "${name}": ${subdomainRule}`,
      ]);
    },
  );

  test("has no name of more than 253 characters", () => {
    const name = "x".repeat(254);
    expect(refusalsOfMetadata({ name })).toEqual([
      `metadata.name: Invalid value: "${name}": must be no more than 253 characters`,
    ]);
  });

  test.each([
    ["Web-", ['generateName: Invalid value: "Web-"', 'name: Invalid value: "Web-xxxxx"']],
    ["-", ['generateName: Invalid value: "-"', 'name: Invalid value: "-xxxxx"']],
    ["é-", ['generateName: Invalid value: "é-"', 'name: Invalid value: "é-xxxxx"']],
    ["a.", ['generateName: Invalid value: "a."']],
    [".-", ['name: Invalid value: ".-xxxxx"']],
  ])("has no name that starts with %j", (generateName, wrong) => {
    expect(refusals({ metadata: { generateName } })).toEqual(
      wrong.map((one) => `metadata.${one}: ${subdomainRule}`),
    );
  });

  test("is given a name of 63 bytes at most, whatever it starts with", () => {
    const starts = ["A".repeat(58), "A".repeat(59), `A${"é".repeat(40)}`];
    expect(starts.map((generateName) => refusals({ metadata: { generateName } })[1])).toEqual(
      ["A".repeat(58), "A".repeat(58), `A${"é".repeat(28)}`].map(
        (start) => `metadata.name: Invalid value: "${start}xxxxx": ${subdomainRule}`,
      ),
    );
  });

  test.each(["B", "a-B", "a-b_", "a-_b"])(
    "is judged by both names when it has both: %j",
    (generateName) => {
      expect(refusalsOfMetadata({ generateName })).toEqual([
        `metadata.generateName: Invalid value: "${generateName}": ${subdomainRule}`,
      ]);
    },
  );

  test.each([
    ["Bad", [labelRule]],
    ["-a", [labelRule]],
    ["a-", [labelRule]],
    ["a.b", ["must not contain dots"]],
    ["a..b", [labelRule]],
    ["x".repeat(64), ["must be no more than 63 characters"]],
  ])("is in no namespace %j", (namespace, wrong) => {
    expect(refusalsOfMetadata({ namespace })).toEqual(
      wrong.map((one) => `metadata.namespace: Invalid value: "${namespace}": ${one}`),
    );
  });

  test("has labels with the syntax of labels", () => {
    expect(refusalsOfMetadata({ labels: { "a b": "c d" } })).toEqual([
      `metadata.labels: Invalid value: "a b": name part ${keyRule}`,
      `metadata.labels: Invalid value: "c d": ${valueRule}`,
    ]);
  });

  test("has annotations with the keys of labels", () => {
    expect(refusalsOfMetadata({ annotations: { "A b": "" } })).toEqual([
      `metadata.annotations: Invalid value: "A b": name part ${keyRule}`,
    ]);
  });

  test("has annotations of 256 KiB at most, keys included, in bytes", () => {
    const large = "é".repeat(131_071);
    expect(refusalsOfMetadata({ annotations: { a: `${large}x` } })).toEqual([]);
    expect(refusalsOfMetadata({ annotations: { a: `${large}xx` } })).toEqual([
      "metadata.annotations: Too long: may not be more than 262144 bytes",
    ]);
  });

  test("has finalizers that are keys with a domain, or standard ones", () => {
    expect(refusalsOfMetadata({ finalizers: ["simple", "a b", "a/b"] })).toEqual([
      `metadata.finalizers: Invalid value: "a b": name part ${keyRule}`,
      'metadata.finalizers[0]: Invalid value: "simple": name is neither a standard finalizer name nor is it fully qualified',
      'metadata.finalizers[1]: Invalid value: "a b": name is neither a standard finalizer name nor is it fully qualified',
    ]);
  });

  test("orphans its dependents or deletes them, not both", () => {
    expect(refusalsOfMetadata({ finalizers: ["foregroundDeletion", "orphan"] })).toEqual([
      'metadata.finalizers: Invalid value: ["foregroundDeletion","orphan"]: finalizer orphan and foregroundDeletion cannot be both set',
    ]);
  });
});
