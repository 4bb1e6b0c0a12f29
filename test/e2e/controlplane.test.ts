import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { runCommand } from "../../src/controlplane/command.ts";
import { sharedControlPlane, startOwnControlPlane } from "../support/controlplane.ts";
import { createNamespace, kubectl, kubectlOk } from "../support/kubectl.ts";

const { hasControllerManager } = sharedControlPlane();
const never = new AbortController().signal;
const starter = fileURLToPath(new URL("../support/controlplanestarter.ts", import.meta.url));

function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8);
}

/** The command lines of all processes that mention a directory. */
async function processesOf(directory: string): Promise<readonly string[]> {
  const { stdout } = await runCommand("ps", ["-A", "-o", "args="], {}, never);
  return stdout.split("\n").filter((line) => line.includes(directory) && !line.startsWith("ps "));
}

test("bare pods are accepted at once in a namespace made a moment ago", async () => {
  // Its own: the shared one still marks and gates for a moment after a test has stopped Ringfence.
  const { kubeconfig, stop } = await startOwnControlPlane({}, never);
  try {
    await kubectlOk(["create", "namespace", "fresh"], { kubeconfig });
    await kubectlOk(["-n", "fresh", "run", "web", "--image=web"], { kubeconfig });
    const pods = ["-n", "fresh", "get", "pods", "-o", "name"];
    expect(await kubectlOk(pods, { kubeconfig })).toBe("pod/web\n");
  } finally {
    await stop();
  }
});

test("the users of the tests are who they say, and have no rights of their own", async () => {
  const kubeconfig = sharedControlPlane().kubeconfigs["ringfence-webhook"] ?? "";
  const who = await kubectlOk(["auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"], {
    kubeconfig,
  });
  expect(who).toBe("system:serviceaccount:ringfence-system:ringfence-webhook");
  const refused = await kubectl(["get", "namespaces"], { kubeconfig });
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toContain("is forbidden");
});

test("secrets on disk are readable by nobody else", () => {
  const { directory, kubeconfig } = sharedControlPlane();
  expect(modeOf(directory)).toBe("700");
  expect(
    [kubeconfig, `${directory}/tokens.csv`, `${directory}/service-account.key`].map(modeOf),
  ).toEqual(["600", "600", "600"]);
});

test.skipIf(!hasControllerManager)(
  "deleted namespaces go, and deployments become pods",
  async () => {
    const namespace = await createNamespace("controlplane");
    await kubectlOk(["-n", namespace, "create", "deployment", "web", "--image=web"]);
    const pods = (): Promise<string> => kubectlOk(["-n", namespace, "get", "pods", "-o", "name"]);
    await vi.waitFor(async () => expect(await pods()).toMatch(/^pod\/web-/), 20_000);
    await kubectlOk(["delete", "namespace", namespace, "--timeout=30s"]);
    expect((await kubectl(["get", "namespace", namespace])).stderr).toContain("NotFound");
  },
);

test("killed and started again, the API server has the same address and state", async () => {
  const own = await startOwnControlPlane({}, never);
  try {
    const { kubeconfig } = own;
    await kubectlOk(["create", "namespace", "kept"], { kubeconfig });
    await own.killApiServer();
    expect((await kubectl(["get", "namespace", "kept"], { kubeconfig })).code).not.toBe(0);
    await own.startApiServer(never);
    expect(await kubectlOk(["get", "namespace", "kept", "-o", "name"], { kubeconfig })).toBe(
      "namespace/kept\n",
    );
  } finally {
    await own.stop();
  }
  expect(await processesOf(own.directory)).toEqual([]);
  expect(existsSync(own.directory)).toBe(false);
});

test("when the process that started it is killed, no part of a control plane is left", async () => {
  const parent = spawn(process.execPath, [starter, sharedControlPlane().assetsDirectory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  parent.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
  const directory = await promise;
  expect((await processesOf(directory)).length).toBeGreaterThanOrEqual(2);
  parent.kill("SIGKILL");
  await vi.waitFor(async () => expect(await processesOf(directory)).toEqual([]), 20_000);
  await vi.waitFor(() => expect(existsSync(directory)).toBe(false), 20_000);
});
