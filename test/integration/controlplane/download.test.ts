import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { downloadAssets } from "../../../src/controlplane/download.ts";
import { recordProgress } from "../../support/controlplanefakes.ts";

const never = new AbortController().signal;
let directory: string;
const servers: Server[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ringfence-download-"));
});

afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(directory, { recursive: true });
});

/** A proxy that takes connections and never says a word. */
async function silentProxy(): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.resume();
  });
  servers.push(server);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

async function downloadWith(
  body: readonly string[],
  limits: Readonly<{ answerMilliseconds: number; stallMilliseconds: number }>,
): Promise<string> {
  const script = join(directory, "fake.mjs");
  await writeFile(script, body.join("\n"));
  const progress = recordProgress([]);
  return downloadAssets("1.37.2", directory, {}, progress, never, limits, script);
}

test("a server that takes the connection and never answers is given up on", async () => {
  const environment = { HTTPS_PROXY: await silentProxy() };
  const lines: string[] = [];
  const answer = downloadAssets("1.37.2", directory, environment, recordProgress(lines), never, {
    answerMilliseconds: 1000,
    stallMilliseconds: 1000,
  });
  await expect(answer).rejects.toThrow("no answer within 1 s");
  expect(lines).toEqual(["downloading from the envtest releases: given up"]);
});

test("the library's own reading of KUBEBUILDER_ASSETS does not stand in for a download", async () => {
  const environment = {
    HTTPS_PROXY: "http://127.0.0.1:1",
    KUBEBUILDER_ASSETS: directory,
    TEST_ASSET_ETCD: "/bin/true",
  };
  const answer = downloadAssets("1.37.2", directory, environment, recordProgress([]), never);
  await expect(answer).rejects.toThrow("the download server cannot be reached (ECONNREFUSED)");
});

test("a download from which nothing more arrives is given up on", async () => {
  const body = ["process.stderr.write('answered 1.37.2\\n');", "setTimeout(() => {}, 60_000);"];
  const limits = { answerMilliseconds: 10_000, stallMilliseconds: 300 };
  await expect(downloadWith(body, limits)).rejects.toThrow("nothing arrived for 0.3 s");
});

test("a download that answered in time may take longer than the limit for the answer", async () => {
  const body = [
    "process.stderr.write('answered 1.37.2\\n');",
    "setTimeout(() => process.stdout.write('/where/it/is'), 3000);",
  ];
  const limits = { answerMilliseconds: 2500, stallMilliseconds: 10_000 };
  expect(await downloadWith(body, limits)).toBe("/where/it/is");
});

test("what went wrong in the library is passed on", async () => {
  const body = ["throw new Error('SHA-512 mismatch for envtest.tar.gz');"];
  const limits = { answerMilliseconds: 10_000, stallMilliseconds: 10_000 };
  await expect(downloadWith(body, limits)).rejects.toThrow("SHA-512 mismatch for envtest.tar.gz");
});
