import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer, type TLSSocket } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
  createDevelopmentCertificates,
  type DevelopmentCertificates,
  writeDevelopmentCertificates,
} from "../../../src/certificates/development.ts";

const run = promisify(execFile);
const service = "ringfence-webhook.ringfence-system.svc";
const request = { names: [service], addresses: ["127.0.0.1", "::1"] };

let folder: string;
let made: DevelopmentCertificates;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringfence-certificates-"));
  made = await createDevelopmentCertificates(request, new Date());
  await writeDevelopmentCertificates(folder, made);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** One handshake as the API server makes it: its own name for us, and our authority alone. */
async function handshake(ca: string, servername: string | undefined): Promise<string> {
  const server = createServer({ cert: made.leaf.certificate, key: made.leaf.key });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", () => listening.resolve());
  await listening.promise;
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  const name = servername === undefined ? {} : { servername };
  const socket: TLSSocket = connect({ host: "127.0.0.1", port: address.port, ca, ...name });
  const outcome = Promise.withResolvers<string>();
  socket.once("secureConnect", () => outcome.resolve(socket.getProtocol() ?? "no protocol"));
  socket.once("error", (error: NodeJS.ErrnoException) => outcome.resolve(error.code ?? "error"));
  try {
    return await outcome.promise;
  } finally {
    socket.destroy();
    server.close();
  }
}

describe("a TLS client that trusts the authority alone", () => {
  test("accepts the leaf for the name of the Service", async () => {
    expect(await handshake(made.authority, service)).toBe("TLSv1.3");
  });

  test("accepts the leaf for the loopback address", async () => {
    expect(await handshake(made.authority, undefined)).toBe("TLSv1.3");
  });

  test("refuses the leaf for another name", async () => {
    expect(await handshake(made.authority, "ringfence.default.svc")).toBe(
      "ERR_TLS_CERT_ALTNAME_INVALID",
    );
  });

  test("refuses the leaf of another authority", async () => {
    const other = await createDevelopmentCertificates(request, new Date());
    expect(await handshake(other.authority, service)).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  });
});

describe("openssl, where it is installed", async () => {
  const installed = await run("openssl", ["version"]).then(
    () => true,
    () => false,
  );

  test.skipIf(!installed).each([
    ["the Service", ["-verify_hostname", service]],
    ["the loopback address", ["-verify_ip", "127.0.0.1"]],
  ])("verifies the leaf for %s", async (_, args) => {
    const files = ["-CAfile", join(folder, "ca.crt"), join(folder, "tls.crt")];
    const { stdout } = await run("openssl", ["verify", "-purpose", "sslserver", ...args, ...files]);
    expect(stdout.trim()).toBe(`${join(folder, "tls.crt")}: OK`);
  });
});

describe("the files of a development run", () => {
  test("are readable by their owner alone", async () => {
    const modes = await Promise.all(
      ["ca.crt", "tls.crt", "tls.key"].map(async (name) => (await stat(join(folder, name))).mode),
    );
    expect(modes.map((mode) => (mode & 0o777).toString(8))).toEqual(["600", "600", "600"]);
  });

  test("replace what was there, without following a link out of the folder", async () => {
    const target = join(folder, "elsewhere");
    const place = await mkdtemp(join(folder, "linked-"));
    await writeFile(target, "untouched");
    await symlink(target, join(place, "tls.key"));
    await writeDevelopmentCertificates(place, made);
    expect(await readFile(target, "utf8")).toBe("untouched");
    expect(await readFile(join(place, "tls.key"), "utf8")).toBe(made.leaf.key);
  });
});
