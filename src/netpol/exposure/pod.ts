import type { Address } from "../address.ts";
import { everyNumber, type Protocol, protocols } from "../ports.ts";
import type { Problem } from "../model.ts";
import { readAddress } from "./address.ts";
import type { ContainerPort, Pod } from "./input.ts";
import { portKey } from "./vocabulary.ts";

/** The numbers of each port name, by protocol and name. */
export type PortNames = ReadonlyMap<string, readonly bigint[]>;

/** A pod whose every field was read. */
export type ReadPod = {
  readonly pod: Pod;
  readonly portNames: PortNames;
  /** Undefined when they are not known. */
  readonly addresses: readonly Address[] | undefined;
  readonly hostAddresses: readonly Address[];
  readonly hostNetwork: boolean;
};

/** Reads a pod, or says what keeps it from being read. */
export function readPod(pod: Pod): ReadPod | Problem {
  const problems: Problem[] = [];
  const addresses = readAddresses(pod.addresses ?? [], "addresses", problems);
  const hostAddresses = readAddresses(pod.hostAddresses ?? [], "hostAddresses", problems);
  const portNames = readPorts(pod.ports ?? [], problems);
  const [problem] = problems;
  if (problem !== undefined) return problem;
  return {
    pod,
    portNames,
    addresses: addresses.length === 0 ? undefined : addresses,
    hostAddresses,
    hostNetwork: pod.hostNetwork ?? false,
  };
}

function readAddresses(
  texts: readonly string[],
  field: string,
  problems: Problem[],
): readonly Address[] {
  return texts.flatMap((text, index) => {
    const address = readAddress(text);
    if (address !== undefined) return address;
    problems.push({ path: `${field}[${index}]`, message: "must be an IP address" });
    return [];
  });
}

function readPorts(ports: readonly ContainerPort[], problems: Problem[]): PortNames {
  const names = new Map<string, readonly bigint[]>();
  for (const [index, port] of ports.entries()) {
    const { name, containerPort } = port;
    const protocol = protocolOf(port);
    if (protocol === undefined) {
      problems.push({
        path: `ports[${index}].protocol`,
        message: "is a protocol this version does not know",
      });
    } else if (!isPortNumber(containerPort)) {
      problems.push({
        path: `ports[${index}].containerPort`,
        message: "must be a number from 1 to 65535",
      });
    } else if (typeof name === "string" && name !== "") {
      const key = portKey({ protocol, port: name });
      names.set(key, [...new Set([...(names.get(key) ?? []), BigInt(containerPort)])]);
    }
  }
  return names;
}

function protocolOf({ protocol }: ContainerPort): Protocol | undefined {
  return protocols.find((known) => known === (protocol ?? "TCP"));
}

function isPortNumber(port: number): boolean {
  return Number.isInteger(port) && port >= everyNumber.lo && port <= everyNumber.hi;
}
