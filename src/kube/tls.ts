import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { Target } from "./kubeconfig.ts";

/** What a TLS connection to the API server is made of; PEM texts. */
export type TlsMaterial = {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
};

/** The pair an exec plugin may hand out instead of, or beside, a token. */
export type ClientPair = { readonly cert?: string; readonly key?: string };

/** Reads CA and client certificate from where the kubeconfig says they are, and checks them. */
export async function readTls(target: Target, pair: ClientPair): Promise<TlsMaterial> {
  const { cluster, user, source } = target;
  const where = (what: string, name: string) => `${source}: ${what} of ${name}`;
  const inCluster = `cluster "${cluster.name}"`;
  const inUser = `user "${user.name}"`;
  const [ca, cert, key] = await Promise.all([
    pem(cluster.caFile, cluster.caData, where("certificate-authority", inCluster)),
    pair.cert ?? pem(user.certFile, user.certData, where("client-certificate", inUser)),
    pair.key ?? pem(user.keyFile, user.keyData, where("client-key", inUser)),
  ]);
  checkContext(where("certificate-authority", inCluster), ca ? { ca } : {});
  checkContext(where("client-certificate and client-key", inUser), {
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
  });
  return {
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(cluster.tlsServerName ? { servername: cluster.tlsServerName } : {}),
    rejectUnauthorized: !cluster.skipTLSVerify,
  };
}

/** True when a connection made with the one is as good as one made with the other. */
export function sameTls(a: TlsMaterial, b: TlsMaterial): boolean {
  return a.ca === b.ca && a.cert === b.cert && a.key === b.key;
}

async function pem(
  file: string | undefined | null,
  data: string | undefined | null,
  where: string,
): Promise<string | undefined> {
  if (!file) return data ? Buffer.from(data, "base64").toString("utf8") : undefined;
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new Error(`${where}: ${file} cannot be read`, { cause });
  }
}

function checkContext(where: string, options: { ca?: string; cert?: string; key?: string }): void {
  try {
    // OpenSSL takes an empty or garbled CA for "no additional CA".
    if (options.ca !== undefined && !options.ca.includes("-----BEGIN CERTIFICATE-----"))
      throw new Error("no certificate found");
    createSecureContext(options);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${where} cannot be used: ${why}`, { cause });
  }
}
