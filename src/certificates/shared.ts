import { createAuthority } from "./issue.ts";
import type { Authority } from "./pair.ts";
import { certificateKey, plan, privateKeyKey } from "./plan.ts";
import type { SecretStore } from "./ports.ts";

export type SharedAuthority =
  | { readonly authority: Authority; readonly origin: "created" | "adopted" }
  /** The Secret holds something unusable, or never stopped changing; says what to do. */
  | { readonly error: string };

/** Several replicas that start together need two rounds: one to lose, one to adopt. */
const rounds = 5;

/**
 * The authority that all replicas share through one Secret. Whoever writes first wins; the others
 * adopt. Made once at start; each replica signs its own leaf from it.
 */
export async function obtainAuthority(
  { store, now }: { readonly store: SecretStore; readonly now: () => Date },
  signal: AbortSignal,
): Promise<SharedAuthority> {
  for (let round = 0; round < rounds; round++) {
    const step = plan(await store.get(signal), now());
    if (step.step === "adopt") return { authority: step.authority, origin: "adopted" };
    if (step.step === "refuse") return { error: remedy(step.reason) };
    const authority = await createAuthority(now());
    const data = new Map([
      [certificateKey, authority.certificate],
      [privateKeyKey, authority.key],
    ]);
    const outcome =
      step.step === "create"
        ? await store.create(data, signal)
        : await store.update(data, step.resourceVersion, signal);
    if (outcome === "created" || outcome === "updated") return { authority, origin: "created" };
  }
  return { error: "the Secret of the certificate authority was written by others in every round" };
}

function remedy(reason: string): string {
  return `the Secret of the certificate authority cannot be used: ${reason}; it is never replaced unasked: restore it, or delete it and restart the webhook and the controller to have a new authority made`;
}
