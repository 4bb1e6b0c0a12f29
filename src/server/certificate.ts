import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { KeyPair } from "../certificates/pair.ts";

// `setSecureContext` replaces all options of the server, so these go along every time.
const options: SecureContextOptions = {
  minVersion: "TLSv1.2",
  ciphers: [
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-CHACHA20-POLY1305",
  ].join(":"),
};

/** The TLS options for a pair; without one the server starts and refuses every handshake. */
export function secureContextOptions(pair: KeyPair | undefined): SecureContextOptions {
  return pair === undefined ? options : { ...options, cert: pair.certificate, key: pair.key };
}

/** What keeps a pair from being served, or undefined: unreadable PEM, a key of another leaf. */
export function checkPair(pair: KeyPair): Error | undefined {
  try {
    createSecureContext(secureContextOptions(pair));
    return undefined;
  } catch (cause) {
    return new Error("the certificate and its key cannot be served", { cause });
  }
}
