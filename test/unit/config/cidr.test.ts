import { expect, test } from "vitest";

import { isCovered } from "../../../src/config/cidr.ts";
import { isPlainAddress, isPlainCIDR, isPortName } from "../../../src/config/formats.ts";

test.each([
  ["10.0.0.0/8", true],
  ["0.0.0.0/0", true],
  ["10.1.2.3/32", true],
  ["fd00::/8", true],
  ["::/0", true],
  ["fd00:1:2:3:4:5:6:7/128", true],
  ["10.0.0.1/8", false],
  ["10.0.0.0/33", false],
  ["10.0.0.0/08", false],
  ["10.0.0.0/", false],
  ["10.0.0.0", false],
  ["10.0.0/24", false],
  ["010.0.0.0/8", false],
  ["fd00::1/8", false],
  ["fd00::/129", false],
  ["::ffff:0:0/96", false],
  ["::ffff:10.0.0.0/104", false],
  ["fe80::%eth0/64", false],
  ["10.0.0.0/8/8", false],
  [" 10.0.0.0/8", false],
])("the block %j is plain: %s", (text, expected) => {
  expect(isPlainCIDR(text)).toBe(expected);
});

test.each([
  ["169.254.169.254", true],
  ["fd00:ec2::254", true],
  ["169.254.169.0254", false],
  ["::ffff:169.254.169.254", false],
  ["::ffff:a9fe:a9fe", false],
  ["169.254.169.254/32", false],
])("the address %j is plain: %s", (text, expected) => {
  expect(isPlainAddress(text)).toBe(expected);
});

test.each([
  ["https", true],
  ["a", true],
  ["8080-tcp", true],
  ["443", false],
  ["", false],
  ["-a", false],
  ["a-", false],
  ["a--b", false],
  ["HTTP", false],
  ["sixteen-letters-", false],
  ["seventeen-letters", false],
])("%j is a port name: %s", (text, expected) => {
  expect(isPortName(text)).toBe(expected);
});

test.each([
  ["10.1.0.0/16", ["192.168.0.0/16", "10.0.0.0/8"], true],
  ["10.0.0.0/8", ["10.0.0.0/8"], true],
  ["10.0.0.0/8", ["10.0.0.0/9", "10.128.0.0/9"], false],
  ["11.0.0.0/8", ["10.0.0.0/8"], false],
  ["fd00::/16", ["0.0.0.0/0"], false],
  ["fd00::/16", ["::/0"], true],
])("%s lies in one of %j: %s", (inner, outer, expected) => {
  expect(isCovered(inner, outer)).toBe(expected);
});
