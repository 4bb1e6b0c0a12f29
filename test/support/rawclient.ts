import { Agent } from "undici";
import { loadConnection } from "../../src/kube/connection.ts";
import { sharedControlPlane } from "./controlplane.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type RawRequest = {
  readonly method: Method;
  readonly path: string;
  readonly body?: object;
  /** Default: JSON; for PATCH one of the patch types. */
  readonly contentType?: string;
  /** Impersonates this user; without it the identity of the kubeconfig. */
  readonly as?: string;
  /** Beside `system:authenticated`, which every user is in. */
  readonly asGroup?: string;
};

export type RawAnswer = {
  readonly status: number;
  /** The object, or the Status of a refusal. */
  readonly object: Answered;
  /** Why not; empty for an object. */
  readonly message: string;
  readonly warnings: readonly string[];
};

/** As much of an answer as tests look at. */
export type Answered = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly message?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly items?: readonly Answered[];
};

export type RawClient = {
  /** Sends at once; refusals are answers, only a broken connection is thrown. */
  readonly call: (request: RawRequest) => Promise<RawAnswer>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** The API without kubectl's start-up time. `connections: 1` sends everything over one connection. */
export async function openRawClient(
  options: { readonly kubeconfig?: string; readonly connections?: number } = {},
): Promise<RawClient> {
  const signal = new AbortController().signal;
  const kubeconfig = options.kubeconfig ?? sharedControlPlane().kubeconfig;
  const { server, credentials } = await loadConnection({ kubeconfig }, signal);
  const { tls, headers } = await credentials(false, signal);
  const agent = new Agent({
    connections: options.connections ?? 8,
    // Streams of one connection: what is sent at once arrives at once.
    allowH2: true,
    pipelining: 100,
    connect: { ...tls },
  });
  return {
    call: async ({ method, path, body, contentType = "application/json", as, asGroup }) => {
      const response = await agent.request({
        origin: server.origin,
        method,
        path,
        headers: {
          ...headers,
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": contentType }),
          ...(as === undefined ? {} : { "impersonate-user": as }),
          ...(asGroup === undefined ? {} : { "impersonate-group": asGroup }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.body.text();
      const object: Answered = JSON.parse(text);
      const message = object.kind === "Status" ? (object.message ?? "") : "";
      const { warning } = response.headers;
      return { status: response.statusCode, object, message, warnings: warningsOf(warning) };
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

/** The texts of `Warning: 299 - "text"` headers. */
function warningsOf(header: string | string[] | undefined): readonly string[] {
  return [header ?? []]
    .flat()
    .flatMap((one) =>
      [...one.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) =>
        text.replaceAll(/\\(.)/g, "$1"),
      ),
    );
}
