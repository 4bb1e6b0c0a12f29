import { describe, expect, test } from "vitest";
import type { Minor } from "../../../../src/netpol/validity/validate.ts";
import { refusalsOfSpec } from "../../../support/validityrefusals.ts";

const path = "spec.ingress[0].ports[0]";
const range = "must be between 1 and 65535, inclusive";
const charset = "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
const letter = "must contain at least one letter (a-z)";
const ends = "must not begin or end with a hyphen";

function ofPort(port: unknown, minor?: Minor): readonly string[] {
  return refusalsOfSpec({ ingress: [{ ports: [port] }] }, minor);
}

describe("a port entry", () => {
  test.each([
    null,
    {},
    { protocol: null, port: null, endPort: null },
    { protocol: "SCTP", port: 1 },
    { protocol: "UDP", port: 65535, endPort: 65535 },
    { port: "a" },
    { port: "x".repeat(15) },
    { port: "0-a-9" },
    { port: 80, endPort: 80 },
  ])("can be %j", (port) => {
    expect(ofPort(port)).toEqual([]);
  });

  test.each(["", "tcp", "ICMP"])("has no protocol %j", (protocol) => {
    expect(ofPort({ protocol })).toEqual([
      `${path}.protocol: Unsupported value: "${protocol}": supported values: "TCP", "UDP", "SCTP"`,
    ]);
  });

  test.each([0, -1, 65536, -2147483648])("has no port %d", (port) => {
    expect(ofPort({ port })).toEqual([`${path}.port: Invalid value: ${port}: ${range}`]);
  });

  test.each([
    ["", [charset, letter]],
    ["80", [letter]],
    ["-a", [ends]],
    ["a-", [ends]],
    ["-", [letter, ends]],
    ["a--b", ["must not contain consecutive hyphens"]],
    ["http_", [charset]],
    ["_http", [charset]],
    ["ht_tp", [charset]],
    ["HTTP", [charset, letter]],
    ["x".repeat(16), ["must be no more than 15 characters"]],
    ["éééééééé", ["must be no more than 15 characters", charset, letter]],
  ])("has no port named %j", (port, wrong) => {
    expect(ofPort({ port })).toEqual(
      wrong.map((one) => `${path}.port: Invalid value: "${port}": ${one}`),
    );
  });

  test.each([
    [{ endPort: 90 }, "90: may not be specified when `port` is not specified"],
    [{ port: "a", endPort: 0 }, "0: may not be specified when `port` is non-numeric"],
    [{ port: 80, endPort: 65536 }, `65536: ${range}`],
    [{ port: 80, endPort: 79 }, "79: must be greater than or equal to `port`"],
  ])("has no range %j", (port, wrong) => {
    expect(ofPort(port)).toEqual([`${path}.endPort: Invalid value: ${wrong}`]);
  });

  test("is refused for everything that is wrong with it", () => {
    expect(ofPort({ protocol: "tcp", port: 70000, endPort: 0 })).toEqual([
      `${path}.protocol: Unsupported value: "tcp": supported values: "TCP", "UDP", "SCTP"`,
      `${path}.port: Invalid value: 70000: ${range}`,
      `${path}.endPort: Invalid value: 0: must be greater than or equal to \`port\``,
      `${path}.endPort: Invalid value: 0: ${range}`,
    ]);
  });

  test.each([34, 35, 36] as const)(
    "is blamed for its start on 1.%d when it ends before",
    (minor) => {
      expect(ofPort({ port: 80, endPort: 79 }, minor)).toEqual([
        `${path}.endPort: Invalid value: 80: must be greater than or equal to \`port\``,
      ]);
    },
  );
});
