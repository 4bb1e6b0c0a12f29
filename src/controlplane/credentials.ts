import { generateKeyPairSync } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  adminIdentity,
  controllerManagerIdentity,
  renderKubeconfig,
  renderTokenFile,
  withToken,
  type Identity,
} from "./identity.ts";

/** The tokens and kubeconfigs in one control plane's directory, readable by its owner alone. */
export type Credentials = Readonly<{
  adminToken: string;
  /** The file of one identity's kubeconfig; an unknown name is an error. */
  kubeconfigOf: (name: string) => string;
  writeKubeconfigs: (url: string, ca: string) => Promise<void>;
}>;

/** Writes a new token for each identity, and the key that signs service account tokens. */
export async function createCredentials(
  directory: string,
  users: readonly Identity[],
): Promise<Credentials> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const admin = withToken(adminIdentity);
  const identities = [admin, ...[controllerManagerIdentity, ...users].map(withToken)];
  await writeSecret(join(directory, "tokens.csv"), renderTokenFile(identities));
  await writeSecret(join(directory, "service-account.key"), newSigningKey());
  const kubeconfigOf = (name: string): string => {
    if (identities.every((identity) => identity.name !== name)) {
      throw new Error(`the control plane was started without a user named ${name}`);
    }
    return join(directory, `${name}.kubeconfig`);
  };
  return {
    adminToken: admin.token,
    kubeconfigOf,
    writeKubeconfigs: async (url, ca) => {
      const write = (identity: (typeof identities)[number]): Promise<void> =>
        writeSecret(kubeconfigOf(identity.name), renderKubeconfig(url, ca, identity));
      await Promise.all(identities.map(write));
    },
  };
}

function writeSecret(file: string, content: string): Promise<void> {
  return writeFile(file, content, { mode: 0o600 });
}

function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "sec1", format: "pem" }).toString();
}
