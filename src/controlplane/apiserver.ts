import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { renderFlags, type Flags } from "./flags.ts";
import { startProcess, type SupervisedProcess } from "./process.ts";
import { probe, waitUntil } from "./readiness.ts";

export type ApiServerPlan = Readonly<{
  binary: string;
  directory: string;
  temporaryDirectory: string | undefined;
  port: number;
  etcdUrl: string;
  flags: Flags;
  adminToken: string;
}>;

export type ApiServer = Readonly<{ port: number; ca: string; process: SupervisedProcess }>;

/** Starts kube-apiserver on 127.0.0.1 and returns when `/readyz` answers 200. */
export async function startApiServer(plan: ApiServerPlan, signal: AbortSignal): Promise<ApiServer> {
  const process = await startProcess({
    name: "kube-apiserver",
    file: plan.binary,
    args: renderFlags(defaultFlags(plan), plan.flags),
    directory: plan.directory,
    logFile: join(plan.directory, "logs", "kube-apiserver.log"),
    temporaryDirectory: plan.temporaryDirectory,
  });
  const isReady = async (): Promise<boolean> => {
    const ca = await readCertificate(plan.directory);
    if (ca === undefined) return false;
    const answer = await probe(`https://127.0.0.1:${plan.port}/readyz`, ca, plan.adminToken);
    return answer?.status === 200;
  };
  try {
    await waitUntil(isReady, process, 120_000, signal);
  } catch (error) {
    await process.kill();
    throw error;
  }
  const ca = await readCertificate(plan.directory);
  if (ca === undefined) throw new Error("kube-apiserver is ready without a certificate");
  return { port: plan.port, ca, process };
}

function defaultFlags(plan: ApiServerPlan): Flags {
  const signingKey = join(plan.directory, "service-account.key");
  return {
    "advertise-address": advertiseAddress(),
    "bind-address": "127.0.0.1",
    "secure-port": String(plan.port),
    "cert-dir": join(plan.directory, "pki"),
    "etcd-servers": plan.etcdUrl,
    "token-auth-file": join(plan.directory, "tokens.csv"),
    "authorization-mode": "RBAC",
    "service-account-issuer": "https://kubernetes.default.svc",
    "service-account-key-file": signingKey,
    "service-account-signing-key-file": signingKey,
    "service-cluster-ip-range": "10.96.0.0/16",
    "allow-privileged": "true",
    // Without it bare pods are accepted at once in a namespace that was made a moment ago.
    "disable-admission-plugins": "ServiceAccount",
  };
}

// kube-apiserver refuses a loopback address here, and finds none by itself on a machine without a
// network. Nothing dials it; on such a machine an address kept for documentation does (RFC 5737).
function advertiseAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const own = addresses.find(({ family, internal }) => family === "IPv4" && !internal);
  return own?.address ?? "198.51.100.1";
}

// kube-apiserver writes a certificate of its own making, with the CA that signed it behind the leaf.
async function readCertificate(directory: string): Promise<string | undefined> {
  try {
    const text = await readFile(join(directory, "pki", "apiserver.crt"), "utf8");
    return text.includes("END CERTIFICATE") ? text : undefined;
  } catch {
    return undefined;
  }
}
