import { startEtcdOn } from "../../src/controlplane/etcd.ts";
import { withFreePort } from "../../src/controlplane/freeport.ts";
import type { SupervisedProcess } from "../../src/controlplane/process.ts";

/** One key of etcd, and the revisions at which it was made and last written. */
export type Stored = {
  readonly key: string;
  readonly created: number;
  readonly modified: number;
  /** Empty when it was not asked for. */
  readonly value: string;
};

/** An etcd that can be killed, and whose contents can be read and changed behind every API server. */
export type Store = {
  readonly port: number;
  readonly kill: () => Promise<void>;
  /** On the same port, with the same data. */
  readonly start: (signal: AbortSignal) => Promise<void>;
  /** Everything below a prefix; `withValues` only for few. */
  readonly list: (prefix: string, withValues?: boolean) => Promise<readonly Stored[]>;
  readonly put: (key: string, value: string) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
  /** Forgets everything older than now; resolves with the revision. */
  readonly compact: () => Promise<number>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

type Answer = {
  readonly header: { readonly revision: string };
  readonly kvs?: readonly {
    readonly key: string;
    readonly create_revision: string;
    readonly mod_revision: string;
    readonly value?: string;
  }[];
};

/** Starts etcd on a free port of loopback. */
export async function startStore(
  binary: string,
  directory: string,
  signal: AbortSignal,
): Promise<Store> {
  return withFreePort(async (port) => {
    let etcd = await launch(binary, directory, port, signal);
    const ask = (path: string, body: object): Promise<Answer> => post(port, path, body);
    return {
      port,
      kill: () => etcd.kill(),
      start: async (abort) => {
        etcd = await launch(binary, directory, port, abort);
      },
      list: async (prefix, withValues = false) => {
        const range = { key: encode(prefix), range_end: encode(after(prefix)) };
        const { kvs = [] } = await ask("kv/range", { ...range, keys_only: !withValues });
        return kvs.map((one) => ({
          key: decode(one.key),
          created: Number(one.create_revision),
          modified: Number(one.mod_revision),
          value: decode(one.value ?? ""),
        }));
      },
      put: async (key, value) => {
        await ask("kv/put", { key: encode(key), value: encode(value) });
      },
      remove: async (key) => {
        await ask("kv/deleterange", { key: encode(key) });
      },
      compact: async () => {
        const { header } = await ask("kv/range", { key: encode("/"), count_only: true });
        await ask("kv/compaction", { revision: header.revision, physical: true });
        return Number(header.revision);
      },
      [Symbol.asyncDispose]: () => etcd.stop(),
    };
  });
}

async function launch(
  binary: string,
  directory: string,
  port: number,
  signal: AbortSignal,
): Promise<SupervisedProcess> {
  return (await startEtcdOn(port, binary, directory, directory, signal)).process;
}

async function post(port: number, path: string, body: object): Promise<Answer> {
  const request = { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`http://127.0.0.1:${port}/v3/${path}`, request);
  const text = await response.text();
  if (!response.ok) throw new Error(`etcd ${path}: ${text}`);
  const answer: Answer = JSON.parse(text);
  return answer;
}

/** The first key that does not begin with the prefix. */
function after(prefix: string): string {
  const last = prefix.charCodeAt(prefix.length - 1);
  return prefix.slice(0, -1) + String.fromCharCode(last + 1);
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}

function decode(text: string): string {
  return Buffer.from(text, "base64").toString();
}
