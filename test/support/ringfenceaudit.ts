import { open } from "node:fs/promises";
import { sharedControlPlane } from "./controlplane.ts";

/** One line of the API server's audit log. */
export type AuditEvent = {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly requestURI: string;
  readonly annotations?: Readonly<Record<string, string>>;
};

/** What the API server writes to its audit log from now on; each call reads all of it so far. */
export async function followAuditLog(
  path = sharedControlPlane().auditLog,
): Promise<() => Promise<readonly AuditEvent[]>> {
  const from = await sizeOf(path);
  return async () => {
    await using file = await open(path);
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.toString();
    return text
      .slice(0, text.lastIndexOf("\n") + 1)
      .split("\n")
      .filter(Boolean)
      .map(parse);
  };
}

function parse(line: string): AuditEvent {
  const event: AuditEvent = JSON.parse(line);
  return event;
}

async function sizeOf(path: string): Promise<number> {
  await using file = await open(path);
  return (await file.stat()).size;
}
