import type { Clock } from "../../../src/kube/clock.ts";
import type { Wire } from "./watching.ts";

export type LocalWire = { readonly wire: Wire; readonly body: AsyncIterable<Uint8Array> };

/** A watch within the process: what the server writes is what the client reads. */
export function localWire(clock: Clock, signal: AbortSignal): LocalWire {
  const closed = new AbortController();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(undefined, {
    highWaterMark: Infinity,
  });
  const writer = writable.getWriter();
  const abort = (reason: unknown): void => {
    if (closed.signal.aborted) return;
    writer.abort(reason).catch(ignore);
    closed.abort();
  };
  signal.addEventListener("abort", () => abort(signal.reason), { once: true });
  const wire: Wire = {
    open: ignore,
    write: (text) => {
      if (!closed.signal.aborted) writer.write(Buffer.from(text)).catch(ignore);
    },
    end: () => {
      writer.close().catch(ignore);
      closed.abort();
    },
    reset: () => abort(new Error("the connection was reset")),
    onClose: (listener) => closed.signal.addEventListener("abort", listener, { once: true }),
    after: (ms, act) => {
      const undo = new AbortController();
      clock.sleep(ms, undo.signal).then(act, ignore);
      return () => undo.abort();
    },
  };
  return { wire, body: readable };
}

/** Whoever left does not hear the rest. */
function ignore(): void {}
