import Fastify from "fastify";
import type { KeyPair } from "../../src/certificates/pair.ts";

/** A bare fastify over TLS that parses a review and allows it. */
export async function createFloor({ certificate, key }: KeyPair): Promise<number> {
  const app = Fastify({ https: { cert: certificate, key }, keepAliveTimeout: 120_000 });
  app.post<{ Body: { apiVersion: string; kind: string; request: { uid: string } } }>(
    "/v1/validate",
    async ({ body: { apiVersion, kind, request } }) => ({
      apiVersion,
      kind,
      response: { uid: request.uid, allowed: true },
    }),
  );
  await app.listen({ host: "127.0.0.1", port: 0 });
  const address = app.server.address();
  return typeof address === "object" && address ? address.port : 0;
}
