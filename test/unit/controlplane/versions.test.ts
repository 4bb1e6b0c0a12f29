import { expect, test } from "vitest";
import {
  defaultKubernetesVersion,
  minorOf,
  resolveKubernetesVersion,
  supportedMinors,
} from "../../../src/controlplane/versions.ts";

test("the four supported minors each have one patch release", () => {
  const table = supportedMinors().map((minor) => [minor, resolveKubernetesVersion(minor)]);
  expect(table).toEqual([
    ["1.34", "1.34.4"],
    ["1.35", "1.35.4"],
    ["1.36", "1.36.3"],
    ["1.37", "1.37.2"],
  ]);
});

test("the default is the newest supported version", () => {
  expect(defaultKubernetesVersion).toBe(resolveKubernetesVersion(supportedMinors().at(-1) ?? ""));
});

test.each([
  ["v1.36", "1.36.3"],
  [" 1.36 ", "1.36.3"],
  ["1.36.3", "1.36.3"],
  ["v1.36.3", "1.36.3"],
])("%j is understood as %s", (requested, version) => {
  expect(resolveKubernetesVersion(requested)).toBe(version);
});

test.each(["", "1", "1.33", "1.38", "1.36.4", "1.3", "latest", "vv1.36", "1.36."])(
  "%j is no version of the table",
  (requested) => {
    expect(resolveKubernetesVersion(requested)).toBeUndefined();
  },
);

test("the minor of a version is its first two numbers", () => {
  expect(minorOf("1.36.3")).toBe("1.36");
});
