import { describe, expect, test } from "vitest";
import type { Minor } from "../../../../src/netpol/validity/validate.ts";
import { refusalsOfSpec } from "../../../support/validityrefusals.ts";

const path = "spec.egress[0].to[0].ipBlock";
const unreadable = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
const zeros = "must not have leading 0s in IP or prefix length";
const mapped = "must not have an IPv4-mapped IPv6 address";
const hostBits = "must not have bits set beyond the prefix length";

function ofBlock(ipBlock: unknown, minor?: Minor): readonly string[] {
  return refusalsOfSpec({ egress: [{ to: [{ ipBlock }] }] }, minor);
}

describe("an address block", () => {
  test.each([
    "10.0.0.0/8",
    "0.0.0.0/0",
    "1.2.3.4/32",
    "::/0",
    "2001:DB8:0:0::/64",
    "0001::/16",
    "::1.2.3.4/128",
    "::fffe:0:0/96",
  ])("can be %s", (cidr) => {
    expect(ofBlock({ cidr })).toEqual([]);
    expect(ofBlock({ cidr }, 34)).toEqual([]);
  });

  test.each([{}, { cidr: "" }, { cidr: null }, { cidr: "", except: ["nonsense"] }])(
    "must be there: %j",
    (block) => {
      expect(ofBlock(block)).toEqual([`${path}.cidr: Required value`]);
    },
  );

  test.each([
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0/24",
    "256.0.0.0/8",
    "::/129",
    "::1%eth0/128",
    "1.2.3.4/+8",
    " 1.2.3.4/8",
    "::ffff:1.2.3/128",
  ])("cannot be %s", (cidr) => {
    const message = `${path}.cidr: Invalid value: "${cidr}": ${unreadable}`;
    expect(ofBlock({ cidr })).toEqual([message]);
    expect(ofBlock({ cidr }, 34)).toEqual([message]);
  });

  test.each([
    ["010.0.0.0/8", zeros],
    ["10.0.0.1/08", zeros],
    ["::/00", zeros],
    ["00001::/16", zeros],
    ["::1.2.3.04/128", zeros],
    ["::ffff:1.2.3.04/128", zeros],
    ["::ffff:10.0.0.0/104", mapped],
    ["::ffff:1.2.3.4/64", mapped],
    ["10.1.2.3/16", hostBits],
    ["2001:db8::1/32", hostBits],
  ])("cannot be %s from 1.36 on, and could before", (cidr, message) => {
    for (const minor of [36, 37] as const) {
      expect(ofBlock({ cidr }, minor)).toEqual([
        `${path}.cidr: Invalid value: "${cidr}": ${message}`,
      ]);
    }
    expect(ofBlock({ cidr }, 34)).toEqual([]);
    expect(ofBlock({ cidr }, 35)).toEqual([]);
  });
});

describe("an except", () => {
  const subset = "must be a strict subset of `cidr`";

  test.each([
    ["10.0.0.0/8", "10.0.0.0/9"],
    ["10.0.0.0/8", "10.255.255.255/32"],
    ["::/0", "2001:db8::/32"],
    ["::/0", "::/1"],
  ])("of %s can be %s", (cidr, except) => {
    expect(ofBlock({ cidr, except: [except] })).toEqual([]);
  });

  test.each([
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["10.0.0.0/8", "10.0.0.0/7"],
    ["10.0.0.0/8", "11.0.0.0/16"],
    ["10.0.0.0/8", "::/9"],
    ["::/0", "10.0.0.0/8"],
    ["0.0.0.0/0", "2000::/3"],
    ["2001:db8::/32", "2001:db9::/48"],
  ])("of %s cannot be %s", (cidr, except) => {
    const message = `${path}.except[0]: Invalid value: "${except}": ${subset}`;
    expect(ofBlock({ cidr, except: [except] })).toEqual([message]);
  });

  test("is judged in its spelling and in its place, and each one by itself", () => {
    const except = [null, "10.1.0.0/16", "10.1.2.3/16", "010.0.0.0/8"];
    expect(ofBlock({ cidr: "10.0.0.0/8", except })).toEqual([
      `${path}.except[0]: Invalid value: "": ${unreadable}`,
      `${path}.except[2]: Invalid value: "10.1.2.3/16": ${hostBits}`,
      `${path}.except[3]: Invalid value: "010.0.0.0/8": ${zeros}`,
      `${path}.except[3]: Invalid value: "010.0.0.0/8": ${subset}`,
    ]);
  });

  test("is not looked at when its block cannot be read", () => {
    expect(ofBlock({ cidr: "10.0.0.0/33", except: ["nonsense"] })).toEqual([
      `${path}.cidr: Invalid value: "10.0.0.0/33": ${unreadable}`,
    ]);
  });

  test.each([
    // An IPv4-mapped address is an IPv4 one, with the prefix of an IPv6 one.
    ["0.0.0.0/0", "::ffff:0:0/96", []],
    ["::ffff:10.0.0.0/104", "::ffff:10.1.0.0/112", []],
    ["::ffff:10.0.0.0/104", "::ffff:11.0.0.0/112", [subset]],
    ["::ffff:10.0.0.0/104", "10.1.0.0/16", [subset]],
    ["::/0", "::ffff:0:0/96", [subset]],
    ["::ffff:10.0.0.0/90", "::ffff:10.0.0.0/100", [subset]],
  ])("that is mapped: of %s before 1.36, %s", (cidr, except, wrong) => {
    expect(ofBlock({ cidr, except: [except] }, 35)).toEqual(
      wrong.map((one) => `${path}.except[0]: Invalid value: "${except}": ${one}`),
    );
  });
});
