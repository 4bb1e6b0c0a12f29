import { describe, expect, it } from "vitest";
import { type NamespacePolicy, parseNamespacePolicy } from "../../../src/engine/namespacepolicy.ts";

const defaults: NamespacePolicy = {
  enforce: { level: "baseline", version: "v1" },
  audit: { level: "restricted", version: "latest" },
  warn: { level: "restricted", version: "v1" },
};

describe("the levels of a namespace", () => {
  it("are the defaults where there are no labels", () => {
    for (const labels of [undefined, null, {}, { team: "a" }]) {
      expect(parseNamespacePolicy(labels, defaults)).toEqual({
        namespacePolicy: defaults,
        errors: [],
      });
    }
  });

  it("are read from the labels, each by itself", () => {
    const labels = {
      "ringfence.dev/enforce": "restricted",
      "ringfence.dev/audit-version": "v1",
      "ringfence.dev/warn": "privileged",
    };
    expect(parseNamespacePolicy(labels, defaults)).toEqual({
      namespacePolicy: {
        enforce: { level: "restricted", version: "v1" },
        audit: { level: "restricted", version: "v1" },
        warn: { level: "privileged", version: "v1" },
      },
      errors: [],
    });
  });

  it("are the safe ones where a label cannot be read, with an error for each", () => {
    const labels = {
      "ringfence.dev/enforce": "strict",
      "ringfence.dev/audit": "",
      "ringfence.dev/warn-version": "v9",
    };
    const known = "must be one of privileged, baseline, restricted";
    expect(parseNamespacePolicy(labels, defaults)).toEqual({
      namespacePolicy: {
        enforce: { level: "restricted", version: "v1" },
        audit: { level: "privileged", version: "latest" },
        warn: { level: "restricted", version: "latest" },
      },
      errors: [
        {
          label: "ringfence.dev/enforce",
          value: "strict",
          message: `${known}; enforce is treated as restricted until it is`,
        },
        {
          label: "ringfence.dev/audit",
          value: "",
          message: `${known}; audit is treated as privileged until it is`,
        },
        {
          label: "ringfence.dev/warn-version",
          value: "v9",
          message: "must be one of v1, latest; latest is used until it is",
        },
      ],
    });
  });
});
