import type { Logger } from "pino";
import { systemNamespace } from "../api/names.ts";
import {
  createDevelopmentCertificates,
  writeDevelopmentCertificates,
} from "../certificates/development.ts";
import type { StartOptions } from "../cli/options.ts";
import { systemClock } from "../kube/clock.ts";
import { createDecisionLog } from "../server/decisionlog.ts";
import { freezeObjectPrototype } from "../server/prototype.ts";
import { createServer } from "../server/server.ts";
import { createHandlers } from "./handlers.ts";
import { loadSettings } from "./settings.ts";

export type AloneDeps = {
  readonly options: StartOptions;
  readonly log: Logger;
  readonly certificates: string;
  readonly onServing: (url: string) => void;
};

/**
 * Serves verdicts without any cluster: every namespace exists and has no labels, so the defaults of
 * the configuration hold; no deny-all is known.
 */
export async function runAlone(deps: AloneDeps, signal: AbortSignal): Promise<void> {
  const { options, log } = deps;
  const configuration = await loadSettings(options.config, signal);
  const request = { names: ["localhost"], addresses: ["127.0.0.1"] };
  const certificates = await createDevelopmentCertificates(request, new Date());
  await writeDevelopmentCertificates(deps.certificates, certificates);
  const recorder = createDecisionLog(log);
  const gathered = {
    namespaces: { get: async (name: string) => ({ metadata: { name } }) },
    networkPolicies: { list: async () => [] },
    waiter: { wait: neverSeen },
    reader: { isIsolated: async () => false },
    recorder,
    clock: systemClock,
    ownNamespace: systemNamespace,
  };
  const handlers = createHandlers(gathered, configuration, "unknown");
  await using server = createServer({
    handlers: () => handlers,
    certificate: certificates.leaf,
    recorder,
    log,
  });
  freezeObjectPrototype();
  const { port } = await server.start({ host: options.listen, port: options.port });
  deps.onServing(`https://localhost:${port}`);
  await aborted(signal);
}

function neverSeen(_namespace: string, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
