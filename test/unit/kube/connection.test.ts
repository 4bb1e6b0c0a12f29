import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Connection, loadConnection } from "../../../src/kube/connection.ts";
import { inClusterTarget } from "../../../src/kube/incluster.ts";
import { ManualClock } from "./manualclock.ts";

const { signal } = new AbortController();
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringfence-connection-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

function kubeconfig(cluster: object, user: object = {}): string {
  return JSON.stringify({
    "current-context": "x",
    clusters: [{ name: "c", cluster: { server: "https://c:6443", ...cluster } }],
    users: [{ name: "u", user }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  });
}

async function load(cluster: object, user: object = {}, clock?: ManualClock): Promise<Connection> {
  const options = { kubeconfig: kubeconfig(cluster, user), ...(clock ? { clock } : {}) };
  return loadConnection(options, signal);
}

async function headersOf(connection: Connection): Promise<object> {
  return (await connection.credentials(false, signal)).headers;
}

test("who we are becomes headers", async () => {
  const token = await load({}, { token: "t", as: "alice", "as-groups": ["devs", "ops"] });
  expect(await headersOf(token)).toEqual({
    Authorization: "Bearer t",
    "Impersonate-User": "alice",
    "Impersonate-Group": ["devs", "ops"],
  });
  const basic = await load({}, { username: "u", password: "p" });
  expect(await headersOf(basic)).toEqual({ Authorization: "Basic dTpw" });
});

test("a token file is read again, and its line end is no part of the token", async () => {
  const tokenFile = join(folder, "token");
  await writeFile(tokenFile, "first\n");
  const clock = new ManualClock();
  const connection = await load({}, { tokenFile }, clock);
  expect(await headersOf(connection)).toEqual({ Authorization: "Bearer first" });
  await writeFile(tokenFile, "second\n");
  await clock.advance(10_000);
  expect(await headersOf(connection)).toEqual({ Authorization: "Bearer second" });
});

test("a token file that vanishes leaves the last token in use, but not for fresh credentials", async () => {
  const tokenFile = join(folder, "vanishing");
  await writeFile(tokenFile, "first");
  const clock = new ManualClock();
  const connection = await load({}, { tokenFile }, clock);
  await rm(tokenFile);
  await clock.advance(10_000);
  expect(await headersOf(connection)).toEqual({ Authorization: "Bearer first" });
  await expect(connection.credentials(true, signal)).rejects.toThrow(
    'user "u" cannot authenticate',
  );
});

test("an exec plugin is asked once, told what it is asked for, and asked again after a 401", async () => {
  const script = `
    const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
    const asked = Number(require("fs").existsSync(process.argv[1])) + 1;
    require("fs").writeFileSync(process.argv[1], "");
    console.log(JSON.stringify({ status: { token: info.kind + asked + info.spec.cluster.server } }));
  `;
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: ["-e", script, join(folder, "asked")],
    provideClusterInfo: true,
  };
  const clock = new ManualClock();
  const connection = await load({}, { exec }, clock);
  await clock.advance(60_000);
  expect(await headersOf(connection)).toEqual({
    Authorization: "Bearer ExecCredential1https://c:6443",
  });
  const fresh = await connection.credentials(true, signal);
  expect(fresh.headers).toEqual({ Authorization: "Bearer ExecCredential2https://c:6443" });
});

test("an exec plugin that fails is reported with its words", async () => {
  const exec = { command: process.execPath, args: ["-e", "console.error('no'); process.exit(1)"] };
  await expect(load({}, { exec })).rejects.toThrow('kubeconfig: user "u" cannot authenticate: no');
});

test.each([
  ["no URL", { server: "c:6443" }, 'server "c:6443" of cluster "c" is neither https nor http'],
  ["clear text", { server: "http://10.0.0.1" }, "http is accepted for a loopback address only"],
  ["a SOCKS proxy", { "proxy-url": "socks5://p" }, 'proxy-url "socks5://p" of cluster "c"'],
  [
    "a CA that is none",
    { "certificate-authority-data": "eA==" },
    'certificate-authority of cluster "c" cannot be used: no certificate found',
  ],
  [
    "a CA file that is not there",
    { "certificate-authority": "/no/ca" },
    'certificate-authority of cluster "c": /no/ca cannot be read',
  ],
])("%s is refused", async (_what, cluster, message) => {
  await expect(load(cluster)).rejects.toThrow(message);
});

test("an auth-provider that Kubernetes removed is refused", async () => {
  await expect(load({}, { "auth-provider": { name: "gcp" } })).rejects.toThrow(
    'user "u" uses the auth-provider "gcp", which Kubernetes removed; use its exec plugin',
  );
});

test("clear text to this machine is accepted, as for kubectl proxy", async () => {
  const connection = await load({ server: "http://127.0.0.1:8001/base/" });
  expect(connection.server.href).toBe("http://127.0.0.1:8001/base");
});

test("a pod finds its API server in the environment and its token in a file", async () => {
  await Promise.all(["ca.crt", "token"].map((name) => writeFile(join(folder, name), "")));
  const environment = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "6443" };
  expect(await inClusterTarget(environment, folder)).toMatchObject({
    cluster: { server: "https://[fd00::1]:6443", caFile: `${folder}/ca.crt` },
    user: { tokenFile: `${folder}/token` },
  });
  await expect(inClusterTarget({}, folder)).rejects.toThrow("this is not a pod");
  await expect(inClusterTarget(environment, "/no")).rejects.toThrow(
    "in-cluster: /no/ca.crt cannot be read: is the service account token mounted?",
  );
});
