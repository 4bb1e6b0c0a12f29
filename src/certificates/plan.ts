import { inspect } from "./inspect.ts";
import type { Authority } from "./pair.ts";
import type { StoredSecret } from "./ports.ts";

/** Keys of the Secret's data. */
export const certificateKey = "ca.crt";
export const privateKeyKey = "ca.key";

/** What to do about the authority, and why. */
export type Step =
  | { readonly step: "create"; readonly reason: string }
  | { readonly step: "fill"; readonly reason: string; readonly resourceVersion: string }
  | { readonly step: "adopt"; readonly authority: Authority }
  | { readonly step: "refuse"; readonly reason: string };

/**
 * Decides by the Secret alone. One that holds something unusable is never replaced: the API server
 * may still trust what it held, and another replica may be serving with it; a person decides.
 */
export function plan(secret: StoredSecret | undefined, now: Date): Step {
  if (secret === undefined) return { step: "create", reason: "there is no Secret yet" };
  if (secret.data.size === 0) {
    return { step: "fill", reason: "the Secret is empty", resourceVersion: secret.resourceVersion };
  }
  const certificate = secret.data.get(certificateKey);
  const key = secret.data.get(privateKeyKey);
  if (certificate === undefined || key === undefined) {
    return refuse(`${certificate === undefined ? certificateKey : privateKeyKey} is missing`);
  }
  const seen = inspect({ certificate, key });
  if ("error" in seen) return refuse(seen.error);
  if (!seen.isAuthority) return refuse("the certificate is not that of an authority");
  if (!seen.keyMatches) return refuse("the private key belongs to another certificate");
  if (seen.validTo <= now) return refuse(`the authority expired on ${seen.validTo.toISOString()}`);
  return { step: "adopt", authority: { certificate, key } };
}

function refuse(reason: string): Step {
  return { step: "refuse", reason };
}
