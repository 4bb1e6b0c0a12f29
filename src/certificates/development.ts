import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { createAuthority, issueLeaf, type LeafRequest } from "./issue.ts";
import type { KeyPair } from "./pair.ts";

export type DevelopmentCertificates = {
  /** What a client has to trust: the `caBundle`. */
  readonly authority: string;
  readonly leaf: KeyPair;
};

/**
 * Certificates for one run on this machine, new at each start. The authority's key is dropped here:
 * nothing else can ever be signed with it.
 */
export async function createDevelopmentCertificates(
  request: LeafRequest,
  now: Date,
): Promise<DevelopmentCertificates> {
  const authority = await createAuthority(now);
  return {
    authority: authority.certificate,
    leaf: await issueLeaf(authority, request, now),
  };
}

/** Writes `ca.crt`, `tls.crt` and `tls.key` for curl and other clients; only the owner can read them. */
export async function writeDevelopmentCertificates(
  directory: string,
  { authority, leaf }: DevelopmentCertificates,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await replaceFile(join(directory, "ca.crt"), authority);
  await replaceFile(join(directory, "tls.crt"), leaf.certificate);
  await replaceFile(join(directory, "tls.key"), leaf.key);
}

/** A new file each time: writing into an old one would keep its mode, or follow a link. */
async function replaceFile(path: string, content: string): Promise<void> {
  const fresh = `${path}.${String(process.pid)}`;
  await rm(fresh, { force: true });
  await writeFile(fresh, content, { mode: 0o600, flag: "wx" });
  await rename(fresh, path);
}
