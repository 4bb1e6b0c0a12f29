import type { Server } from "node:net";

/**
 * Listens and tells the port, which matters where 0 was asked for. All addresses means those of
 * IPv4 alone where the system has no IPv6.
 */
export async function listen(
  app: {
    readonly server: Server;
    listen(address: { host: string; port: number }): Promise<string>;
  },
  host: string,
  port: number,
): Promise<{ port: number }> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if (host !== "::" || !isUnsupported(error)) throw error;
    await app.listen({ host: "0.0.0.0", port });
  }
  const address = app.server.address();
  return { port: typeof address === "object" && address ? address.port : port };
}

function isUnsupported(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAFNOSUPPORT";
}
