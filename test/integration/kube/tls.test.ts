import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { createServer as createHttpServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KubeClient } from "../../../src/kube/client.ts";
import { loadConnection } from "../../../src/kube/connection.ts";
import { startFakeApiServer } from "../../support/fakeapiserver/server.ts";
import { ManualClock } from "../../unit/kube/manualclock.ts";

type Pair = { readonly key: string; readonly cert: string; readonly ca: string };

const { signal } = new AbortController();
const path = "/api/v1/namespaces/a";
let folder = "";
let first: Pair;
let second: Pair;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringfence-tls-"));
  [first, second] = await Promise.all([pairOf("first"), pairOf("second")]);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function pairOf(commonName: string): Promise<Pair> {
  const made = await generate([{ name: "commonName", value: commonName }], {
    algorithm: "sha256",
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
    ],
  });
  return { key: made.private, cert: made.cert, ca: made.cert };
}

function kubeconfig(server: string, cluster: object): string {
  return JSON.stringify({
    "current-context": "x",
    clusters: [{ name: "c", cluster: { server, ...cluster } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  });
}

test("requests share their connections, and a watch has its own", async () => {
  await using api = await startFakeApiServer({ tls: first });
  const connection = await loadConnection({ kubeconfig: api.kubeconfig() }, signal);
  await using client = new KubeClient(connection);
  for (let count = 0; count < 20; count += 1)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await client.get(path, signal);
  // The pool opens a second one when the first is just being freed.
  expect(api.connections).toBeLessThanOrEqual(2);
  const before = api.connections;
  const options = { resourceVersion: "1000", timeoutSeconds: 300 };
  await client.watch("/api/v1/namespaces", options, signal);
  expect(api.connections).toBe(before + 1);
});

test("a server whose certificate another CA signed is not spoken to", async () => {
  await using api = await startFakeApiServer({ tls: { ...first, ca: second.ca } });
  const connection = await loadConnection({ kubeconfig: api.kubeconfig() }, signal);
  await using client = new KubeClient(connection);
  await expect(client.get(path, signal)).rejects.toThrow(/self-signed certificate/);
  expect(api.requests).toEqual([]);
});

test("a new CA file is taken up while running, and a broken one is not", async () => {
  const file = join(folder, "ca.crt");
  await writeFile(file, second.ca);
  await using api = await startFakeApiServer({ tls: first });
  const clock = new ManualClock();
  const contents = kubeconfig(api.url, { "certificate-authority": file });
  const connection = await loadConnection({ kubeconfig: contents, clock }, signal);
  await using client = new KubeClient(connection);
  await expect(client.get(path, signal)).rejects.toThrow(/self-signed certificate/);
  await writeFile(file, first.ca);
  await clock.advance(10_000);
  expect(await client.get(path, signal)).toBeUndefined();
  await writeFile(file, "half a certif");
  await clock.advance(10_000);
  expect(await client.get(path, signal)).toBeUndefined();
});

test("the proxy of a kubeconfig is used", async () => {
  const tunnels: string[] = [];
  const proxy = createHttpServer();
  proxy.on("connect", ({ url = "" }, socket) => {
    tunnels.push(url);
    const upstream = connect(Number(url.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
  });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  proxy.listen(0, "127.0.0.1", resolve);
  await listening;
  const address = proxy.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await using api = await startFakeApiServer({ tls: first });
  const ca = Buffer.from(first.ca).toString("base64");
  const proxyUrl = `http://127.0.0.1:${port}`;
  const contents = kubeconfig(api.url, { "certificate-authority-data": ca, "proxy-url": proxyUrl });
  const client = new KubeClient(await loadConnection({ kubeconfig: contents }, signal));
  expect(await client.get(path, signal)).toBeUndefined();
  expect(tunnels).toEqual([new URL(api.url).host]);
  await client[Symbol.asyncDispose]();
  proxy.close();
});
