import type { Server } from "node:net";

/** Listens and tells the port, which matters where 0 was asked for. */
export async function listen(
  app: {
    readonly server: Server;
    listen(address: { host: string; port: number }): Promise<string>;
  },
  host: string,
  port: number,
): Promise<{ port: number }> {
  await app.listen({ host, port });
  const address = app.server.address();
  return { port: typeof address === "object" && address ? address.port : port };
}
