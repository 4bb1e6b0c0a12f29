// A server in a process of its own, so that its CPU time can be told from the client's.
// `floor` parses and answers and judges nothing: what any webhook on this stack costs.
import { createDevelopmentCertificates } from "../../src/certificates/development.ts";
import { defaultConfiguration } from "../../src/config/load.ts";
import { systemClock } from "../../src/kube/clock.ts";
import { createDecisionLog } from "../../src/server/decisionlog.ts";
import { createServer } from "../../src/server/server.ts";
import { createHandlers } from "../../src/wiring/handlers.ts";
import { createFloor } from "./floor.ts";
import { pino } from "pino";

const certificates = await createDevelopmentCertificates(
  { names: ["localhost"], addresses: ["127.0.0.1"] },
  new Date(),
);
const port = process.argv[2] === "floor" ? await startFloor() : await startRingfence();
process.send?.({ port, ca: certificates.authority });
process.on("message", () => process.send?.(process.cpuUsage()));

function startFloor(): Promise<number> {
  return createFloor(certificates.leaf);
}

async function startRingfence(): Promise<number> {
  const log = pino({ level: "info", base: null }, pino.destination({ dest: "/dev/null" }));
  const recorder = createDecisionLog(log);
  const gathered = {
    namespaces: { get: async (name: string) => ({ metadata: { name } }) },
    networkPolicies: { list: async () => [] },
    waiter: { wait: () => new Promise<never>(() => {}) },
    reader: { isIsolated: async () => true },
    recorder,
    clock: systemClock,
    ownNamespace: "ringfence-system",
  };
  const handlers = createHandlers(gathered, defaultConfiguration(), "unknown");
  const certificate = certificates.leaf;
  const server = createServer({ handlers: () => handlers, certificate, recorder, log });
  return (await server.start({ host: "127.0.0.1", port: 0 })).port;
}
