import type { ServerResponse } from "node:http";
import type { Wire } from "./watching.ts";

/** A watch over HTTP, in real time. */
export function httpWire(response: ServerResponse): Wire {
  return {
    open: () => response.writeHead(200, { "content-type": "application/json" }).flushHeaders(),
    write: (text) => {
      if (!response.writableEnded) response.write(text);
    },
    end: () => response.end(),
    reset: () => response.destroy(),
    onClose: (listener) => response.on("close", listener),
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
  };
}
