import { expect, test } from "vitest";
import { isNewEnough, parseGoVersion } from "../../../src/controlplane/toolchain.ts";

test.each([
  ["go version go1.26.8 linux/amd64\n", { text: "1.26.8", major: 1, minor: 26 }],
  ["go version go1.26 darwin/arm64", { text: "1.26", major: 1, minor: 26 }],
  ["go version go1.27rc1 linux/amd64", { text: "1.27rc1", major: 1, minor: 27 }],
  [
    "go version go1.26.1-X:nocoverageredesign linux/amd64",
    { text: "1.26.1-X:nocoverageredesign", major: 1, minor: 26 },
  ],
  ["go version devel go1.28-abcdef Mon linux/amd64", { text: "1.28-abcdef", major: 1, minor: 28 }],
  ["a line of a wrapper\ngo version go1.9.7 linux/amd64", { text: "1.9.7", major: 1, minor: 9 }],
])("the version is read out of %j", (output, version) => {
  expect(parseGoVersion(output)).toEqual(version);
});

test.each(["", "gcc (GCC) 15.1", "go version", "go version go2", "go: unknown command"])(
  "%j tells no version",
  (output) => {
    expect(parseGoVersion(output)).toBeUndefined();
  },
);

test.each([
  ["1.26", true],
  ["1.26rc1", true],
  ["1.30.1", true],
  ["2.0", true],
  ["1.25.9", false],
  ["1.9", false],
  ["0.99", false],
])("Go %s is new enough: %s", (text, expected) => {
  const version = parseGoVersion(`go version go${text} linux/amd64`);
  expect(version !== undefined && isNewEnough(version)).toBe(expected);
});
