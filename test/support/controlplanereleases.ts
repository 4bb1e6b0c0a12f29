import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { runCommand } from "../../src/controlplane/command.ts";
import { writeFakeAssets } from "./controlplanefakes.ts";

const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };
const hosts = ["raw.githubusercontent.com", "github.com"];

export type FakeReleases = Readonly<{
  /** Sends a process's requests to us, and makes it trust our certificate. */
  environment: Readonly<Record<string, string>>;
  /** Every path that was asked for. */
  requested: readonly string[];
  close: () => Promise<void>;
}>;

/** A proxy behind which the published releases are: one version, whole or with a byte changed on its way. */
export async function startFakeReleases(version: string, isWhole = true): Promise<FakeReleases> {
  const directory = await mkdtemp(join(tmpdir(), "ringfence-releases-"));
  const archive = await packArchive(directory, version);
  const hash = createHash("sha512").update(archive).digest("hex");
  const platform = `${process.platform}-${architectures[process.arch] ?? process.arch}`;
  const index = JSON.stringify({
    releases: {
      [`v${version}`]: {
        [`envtest-v${version}-${platform}.tar.gz`]: {
          hash,
          selfLink: "https://github.com/archive",
        },
      },
    },
  });
  const certificate = await generate([{ name: "commonName", value: "releases" }], {
    keySize: 2048,
    algorithm: "sha256",
    extensions: [
      { name: "subjectAltName", altNames: hosts.map((value) => ({ type: 2 as const, value })) },
    ],
  });
  const certificateFile = join(directory, "certificate.pem");
  await writeFile(certificateFile, certificate.cert);

  const requested: string[] = [];
  const body = isWhole ? archive : Buffer.concat([archive, Buffer.from("x")]);
  const releases = createTlsServer(
    { key: certificate.private, cert: certificate.cert },
    (request, response) => {
      requested.push(`${request.headers.host}${request.url}`);
      response.end(request.url === "/archive" ? body : index);
    },
  );
  const proxy = createServer();
  proxy.on("connect", (_request, socket) => {
    socket.on("error", () => undefined);
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    releases.emit("connection", socket);
  });
  const environment = {
    HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}`,
    NODE_EXTRA_CA_CERTS: certificateFile,
  };
  const close = async (): Promise<void> => {
    proxy.closeAllConnections();
    proxy.close();
    releases.closeAllConnections();
    await rm(directory, { recursive: true });
  };
  return { environment, requested, close };
}

async function packArchive(directory: string, version: string): Promise<Buffer> {
  await writeFakeAssets(join(directory, "controller-tools", "envtest"), version);
  await rm(join(directory, "controller-tools", "envtest", "kube-controller-manager"));
  const file = join(directory, "archive.tar.gz");
  const args = ["-czf", file, "-C", directory, "controller-tools"];
  await runCommand("tar", args, {}, AbortSignal.timeout(20_000));
  return readFile(file);
}

function listen(server: Server): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    resolve(typeof address === "object" && address !== null ? address.port : 0);
  });
  return promise;
}
