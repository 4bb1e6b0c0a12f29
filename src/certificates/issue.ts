import { randomBytes, X509Certificate } from "node:crypto";

import { generate } from "selfsigned";

import type { Authority, KeyPair } from "./pair.ts";

const day = 24 * 60 * 60 * 1000;

/** Clocks of nodes and API servers differ: a certificate is valid from the day before. */
const leeway = day;

const authorityDays = 3650;
const leafDays = 365;

/** Common to both: the API server refuses SHA-1, and ECDSA makes its handshakes cheap. */
const algorithm = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

/** Makes a certificate authority that may sign leaves and nothing else. */
export async function createAuthority(now: Date): Promise<Authority> {
  // The library writes no key identifiers, so two authorities in one bundle are told apart by name.
  const name = `Ringfence CA ${randomBytes(8).toString("hex")}`;
  const made = await generate([{ name: "commonName", value: name }], {
    ...algorithm,
    notBeforeDate: new Date(now.getTime() - leeway),
    notAfterDate: new Date(now.getTime() + authorityDays * day),
    extensions: [
      { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { certificate: made.cert, key: made.private };
}

/** What a server certificate is valid for. */
export type LeafRequest = {
  /** DNS names, such as `ringfence.ringfence-system.svc`. */
  readonly names: readonly string[];
  /** IP addresses, such as `127.0.0.1`. */
  readonly addresses?: readonly string[];
};

/** Issues a server certificate; it never outlives the authority. */
export async function issueLeaf(
  authority: Authority,
  { names, addresses = [] }: LeafRequest,
  now: Date,
): Promise<KeyPair> {
  // Names live in the alternative names alone: a common name holds 64 characters, a Service's name
  // and namespace can be longer.
  const made = await generate([{ name: "commonName", value: "ringfence" }], {
    ...algorithm,
    ca: { key: authority.key, cert: authority.certificate },
    notBeforeDate: new Date(now.getTime() - leeway),
    notAfterDate: new Date(Math.min(now.getTime() + leafDays * day, endOf(authority))),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { certificate: made.cert, key: made.private };
}

function endOf(authority: Authority): number {
  return Date.parse(new X509Certificate(authority.certificate).validTo);
}
