import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { keyOf, type KubeObject } from "../../../src/kube/object.ts";
import { type Address, collectionOf, parseAddress } from "./address.ts";
import { notFound, Refusal, sendJson, sendRefusal } from "./answers.ts";
import { type Fault, retryAfterOf, Script, scripted, type Target } from "./faults.ts";
import { httpWire } from "./httpwire.ts";
import { getObject, keyIn, Pages } from "./reading.ts";
import { readRequest, type SeenRequest, type Verb } from "./request.ts";
import { Store } from "./store.ts";
import { Watch } from "./watching.ts";
import { removeNamespace, terminate, write } from "./writing.ts";

export type FakeApiServerOptions = {
  /** Time between bookmarks of a watch; the real server takes about a minute. */
  readonly bookmarkMs?: number;
  /** PEM texts; with them the server speaks HTTPS, and `ca` goes into the kubeconfig. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca: string };
  /** Only this bearer token is accepted, when given; may be changed later. */
  readonly token?: string;
};

/** An API server for what the real one cannot do on demand. See README.md beside this file. */
export class FakeApiServer {
  /** Every request so far, oldest first. */
  readonly requests: SeenRequest[] = [];
  /** Resources by API version, for discovery. */
  readonly served = new Map<
    string,
    readonly { name: string; kind: string; namespaced: boolean }[]
  >();
  token: string | undefined;
  /** TCP connections accepted so far. */
  connections = 0;
  readonly #options: FakeApiServerOptions;
  readonly #store = new Store();
  readonly #pages = new Pages(this.#store);
  readonly #script = new Script();
  readonly #watches = new Set<Watch>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(options: FakeApiServerOptions) {
    this.#options = options;
    this.token = options.token;
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#handle(request, response).catch(() => response.destroy());
    };
    this.#server = options.tls ? createTlsServer(options.tls, handle) : createServer(handle);
    this.#server.on("connection", (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket)).on("error", () => {});
    });
  }

  async listen(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.listen(0, "127.0.0.1", resolve);
    await promise;
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("not listening");
    return `${this.#options.tls ? "https" : "http"}://127.0.0.1:${address.port}`;
  }

  /** Contents of a kubeconfig for this server; `user` as in a kubeconfig. */
  kubeconfig(user: object = this.token === undefined ? {} : { token: this.token }): string {
    const ca = this.#options.tls && Buffer.from(this.#options.tls.ca).toString("base64");
    const cluster = { server: this.url, "certificate-authority-data": ca };
    return JSON.stringify({
      "current-context": "fake",
      clusters: [{ name: "fake", cluster }],
      users: [{ name: "fake", user }],
      contexts: [{ name: "fake", context: { cluster: "fake", user: "fake" } }],
    });
  }

  /** Stores an object at its path, as somebody else would; no admission, no namespace needed. */
  put(path: string, object: Omit<KubeObject, "metadata"> & Partial<KubeObject>): KubeObject {
    const address = addressOf(path);
    const { name = "", namespace } = address;
    const scope = namespace === undefined ? {} : { namespace };
    const metadata = { ...object.metadata, name, ...scope };
    return this.#store.put(collectionOf(address), { ...object, metadata });
  }

  /** Removes an object at once; a namespace takes its contents along. */
  remove(path: string): KubeObject | undefined {
    const address = addressOf(path);
    if (collectionOf(address) === "v1/namespaces")
      return removeNamespace(this.#store, keyIn(address));
    return this.#store.remove(collectionOf(address), keyIn(address));
  }

  /** Deletes an object and creates it again: same name, another uid. */
  recreate(path: string): KubeObject {
    const address = addressOf(path);
    const { metadata, ...rest } = getObject(this.#store, address);
    this.remove(path);
    const { uid: _, creationTimestamp: __, ...kept } = metadata;
    return this.#store.put(collectionOf(address), { ...rest, metadata: kept });
  }

  /** Marks a namespace as terminating and leaves it so. */
  terminate(name: string): void {
    terminate(this.#store, name);
  }

  get(path: string): KubeObject | undefined {
    const address = addressOf(path);
    return this.#store.get(collectionOf(address), keyIn(address));
  }

  /** The truth: the objects of a collection (of all namespaces) by key. */
  objects(path: string): ReadonlyMap<string, KubeObject> {
    const listed = this.#store.list(collectionOf(addressOf(path)), () => true);
    return new Map(listed.map((object) => [keyOf(object.metadata), object]));
  }

  /** Orders a fault for requests to come. */
  fail(target: Target, fault: Fault): void {
    this.#script.add(target, fault);
  }

  /** Forgets faults that were ordered and did not happen yet. */
  heal(): void {
    this.#script.clear();
  }

  /** Forgets history and pages: older versions and continue tokens are answered with 410. */
  compact(): void {
    this.#store.compact();
    this.#pages.expire();
  }

  /** Open watches whose path begins so. */
  watches(path = ""): readonly Watch[] {
    return [...this.#watches].filter((watch) => watch.path.startsWith(path));
  }

  /** Requests with one of the verbs. */
  seen(...verbs: readonly Verb[]): readonly SeenRequest[] {
    return this.requests.filter(({ verb }) => verbs.includes(verb));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    for (const socket of this.#sockets) socket.destroy();
    await promise;
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(message, parseAddress);
    this.requests.push(request);
    const fault = this.#script.take(request.verb, request.path, request.query);
    if (fault?.kind === "reset") return void message.socket.resetAndDestroy();
    if (fault?.kind === "stall") return;
    if (fault?.kind === "delay") await delay(fault.ms);
    try {
      this.#authenticate(request);
      if (fault?.kind === "status") return sendFault(response, fault);
      this.#answer(request, response, fault);
    } catch (error) {
      if (error instanceof Refusal) sendRefusal(response, error);
      else sendRefusal(response, new Refusal(400, "BadRequest", String(error)));
    }
  }

  #authenticate({ headers }: SeenRequest): void {
    if (this.token === undefined || headers.authorization === `Bearer ${this.token}`) return;
    throw new Refusal(401, "Unauthorized", "Unauthorized");
  }

  #answer(request: SeenRequest, response: ServerResponse, fault: Fault | undefined): void {
    const { path, query, verb } = request;
    if (path === "/version") return sendJson(response, 200, { minor: "37", gitVersion: "v1.37.2" });
    const address = parseAddress(path);
    if (address === undefined) {
      const resources = this.served.get(path.replace(/^\/apis?\//, ""));
      if (resources === undefined) throw notFound(path);
      return sendJson(response, 200, { kind: "APIResourceList", resources });
    }
    if (verb === "list") return sendJson(response, 200, this.#pages.list(address, query));
    if (verb === "get") return sendJson(response, 200, getObject(this.#store, address));
    if (verb !== "watch")
      return sendJson(
        response,
        verb === "create" ? 201 : 200,
        write(this.#store, address, request),
      );
    const watch = new Watch(this.#store, httpWire(response), { path, address, query }, fault);
    this.#watches.add(watch);
    watch.open(query, this.#options.bookmarkMs ?? 60_000, () => this.#watches.delete(watch));
  }
}

/** Starts a fake API server on a free port of the loopback interface. */
export async function startFakeApiServer(
  options: FakeApiServerOptions = {},
): Promise<FakeApiServer> {
  const server = new FakeApiServer(options);
  await server.listen();
  return server;
}

function addressOf(path: string): Address {
  const address = parseAddress(path);
  if (address === undefined) throw new Error(`${path} is not the path of an object`);
  return address;
}

function sendFault(response: ServerResponse, fault: Fault & { kind: "status" }): void {
  const header = retryAfterOf(fault);
  if (header !== undefined) response.setHeader("retry-after", header);
  sendRefusal(response, scripted(fault));
}
