import { eachInvalid, type Invalid, invalidValue, unsupported } from "./invalid.ts";
import type { Dialect } from "./minor.ts";
import { longerThan } from "./name.ts";
import type { DecodedPort } from "./shape.ts";

const protocols = ["TCP", "UDP", "SCTP"];
const outOfRange = "must be between 1 and 65535, inclusive";

/** One entry of a rule's ports. */
export function validatePort(
  { protocol, port, endPort }: DecodedPort,
  path: string,
  dialect: Dialect,
): readonly Invalid[] {
  return [
    ...(protocol === undefined || protocols.includes(protocol)
      ? []
      : [unsupported(`${path}.protocol`, protocol, protocols)]),
    ...(typeof port === "number" ? eachInvalid(`${path}.port`, port, wrongInNumber(port)) : []),
    ...(endPort === undefined ? [] : validateEnd(endPort, port, `${path}.endPort`, dialect)),
    ...(typeof port === "string" ? eachInvalid(`${path}.port`, port, wrongInName(port)) : []),
  ];
}

function validateEnd(
  endPort: number,
  port: number | string | undefined,
  path: string,
  { blamedOfRange }: Dialect,
): readonly Invalid[] {
  if (typeof port !== "number") {
    const state = port === undefined ? "not specified" : "non-numeric";
    return [invalidValue(path, endPort, `may not be specified when \`port\` is ${state}`)];
  }
  const blamed = blamedOfRange === "port" ? port : endPort;
  const isBackwards = endPort < port;
  return [
    ...(isBackwards ? [invalidValue(path, blamed, "must be greater than or equal to `port`")] : []),
    ...eachInvalid(path, endPort, wrongInNumber(endPort)),
  ];
}

function wrongInNumber(port: number): readonly string[] {
  return port >= 1 && port <= 65535 ? [] : [outOfRange];
}

/** What is wrong with the name of a port (RFC 6335, lower case only). */
function wrongInName(name: string): readonly string[] {
  const wrong = [...longerThan(name, 15, "characters")];
  if (!/^[-a-z0-9]+$/.test(name)) {
    wrong.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(name)) wrong.push("must contain at least one letter (a-z)");
  if (name.includes("--")) wrong.push("must not contain consecutive hyphens");
  if (name.startsWith("-") || name.endsWith("-")) {
    wrong.push("must not begin or end with a hyphen");
  }
  return wrong;
}
