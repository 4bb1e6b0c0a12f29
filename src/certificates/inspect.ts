import { createPrivateKey, X509Certificate } from "node:crypto";

import type { KeyPair } from "./pair.ts";

/** What a certificate says about itself. */
export type Inspection = {
  readonly subject: string;
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly isAuthority: boolean;
  /** False when the private key belongs to another certificate. */
  readonly keyMatches: boolean;
  readonly fingerprint: string;
};

/** Reads a pair, or says why it cannot be read. */
export function inspect(pair: KeyPair): Inspection | { readonly error: string } {
  const certificate = attempt(() => new X509Certificate(pair.certificate));
  if (certificate === undefined) return { error: "the certificate is not readable PEM" };
  const key = attempt(() => createPrivateKey(pair.key));
  if (key === undefined) return { error: "the private key is not readable PEM" };
  const alternatives = (certificate.subjectAltName ?? "").split(", ");
  return {
    subject: certificate.subject,
    names: valuesOf(alternatives, "DNS:"),
    addresses: valuesOf(alternatives, "IP Address:"),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    isAuthority: certificate.ca,
    keyMatches: certificate.checkPrivateKey(key),
    fingerprint: certificate.fingerprint256,
  };
}

/** True when the authority signed the leaf. */
export function isIssuedBy(leaf: string, authority: string): boolean {
  const issuer = attempt(() => new X509Certificate(authority));
  const certificate = attempt(() => new X509Certificate(leaf));
  if (issuer === undefined || certificate === undefined) return false;
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function valuesOf(alternatives: readonly string[], prefix: string): string[] {
  return alternatives
    .filter((entry) => entry.startsWith(prefix))
    .map((entry) => entry.slice(prefix.length));
}

/** The parsers throw on anything unreadable; here that is an answer, not an outage. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
