import { createServer, connect, type Server, type Socket } from "node:net";
import { once } from "node:events";

/** What happens to bytes: they pass, they wait, they vanish, or nobody may connect at all. */
type Mode = "open" | "withhold" | "swallow" | "refuse";

type Link = {
  readonly near: Socket;
  readonly far: Socket;
  lost: boolean;
  marked: boolean;
  held: boolean;
};

/** A TCP connection that can go wrong on demand, in ways that neither end is told of. */
export type Proxy = {
  readonly port: number;
  /** Everything passes again; what was withheld is delivered, what was swallowed never is. */
  readonly open: () => void;
  /** Bytes wait, as in a network that is cut and will heal. */
  readonly withhold: () => void;
  /** Bytes wait on those connections alone over which somebody has sent the mark. */
  readonly withholdMarked: () => void;
  /** Bytes vanish, for connections of now and of later; theirs stay open and silent for ever. */
  readonly swallow: () => void;
  /** Resets all connections and refuses new ones. */
  readonly refuse: () => void;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/**
 * Listens on a free port of loopback and passes everything on to another one. Connections over
 * which the `mark` is sent in one piece are told apart.
 */
export async function startProxy(targetPort: number, mark?: string): Promise<Proxy> {
  let mode: Mode = "open";
  const links = new Set<Link>();
  const server = createServer({ allowHalfOpen: false }, (near) => {
    if (mode === "refuse") {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: targetPort, host: "127.0.0.1", noDelay: true });
    near.setNoDelay(true);
    const link: Link = { near, far, lost: mode === "swallow", marked: false, held: false };
    links.add(link);
    join(link, near, far);
    join(link, far, near);
    if (mode === "withhold") hold(link);
  });

  function join(link: Link, from: Socket, to: Socket): void {
    from.on("error", () => {});
    from.on("data", (chunk: Buffer) => {
      if (mark !== undefined && from === link.near && chunk.includes(mark)) link.marked = true;
      if (link.lost || to.destroyed) return;
      if (!to.write(chunk)) from.pause();
    });
    from.on("drain", () => {
      if (!link.held) to.resume();
    });
    from.on("close", () => {
      // Of a lost connection nobody hears the end either.
      if (link.lost && from === link.far) return;
      links.delete(link);
      to.destroy();
    });
  }

  await listen(server);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  const change = (next: Mode, each: (link: Link) => void): void => {
    mode = next;
    for (const link of links) each(link);
  };
  return {
    port: address.port,
    open: () => change("open", release),
    withhold: () => change("withhold", hold),
    withholdMarked: () =>
      change("open", (link) => {
        if (link.marked) hold(link);
      }),
    swallow: () =>
      change("swallow", (link) => {
        link.lost = true;
      }),
    refuse: () =>
      change("refuse", ({ near, far }) => {
        near.resetAndDestroy();
        far.resetAndDestroy();
      }),
    [Symbol.asyncDispose]: async () => {
      change("refuse", ({ near, far }) => {
        near.destroy();
        far.destroy();
      });
      server.close();
      await once(server, "close");
    },
  };
}

function hold(link: Link): void {
  link.held = true;
  link.near.pause();
  link.far.pause();
}

function release(link: Link): void {
  link.held = false;
  link.near.resume();
  link.far.resume();
}

async function listen(server: Server): Promise<void> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}
