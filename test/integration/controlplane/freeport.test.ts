import { createServer } from "node:net";
import { expect, test } from "vitest";
import { withFreePort } from "../../../src/controlplane/freeport.ts";

test("the port is one that can be listened on", async () => {
  const listened = await withFreePort(async (port) => {
    const server = createServer();
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve(port));
    await promise;
    server.close();
    return port;
  });
  expect(listened).toBeGreaterThan(1023);
});

test("a port lost to somebody else is replaced by another, at most twice", async () => {
  const ports: number[] = [];
  const taken = (port: number): Promise<never> => {
    ports.push(port);
    return Promise.reject(new Error(`listen tcp 127.0.0.1:${port}: bind: address already in use`));
  };
  await expect(withFreePort(taken)).rejects.toThrow("address already in use");
  expect(ports).toHaveLength(3);
});

test("any other failure is not tried again", async () => {
  let calls = 0;
  const broken = (): Promise<never> => {
    calls += 1;
    return Promise.reject(new Error("unknown flag"));
  };
  await expect(withFreePort(broken)).rejects.toThrow("unknown flag");
  expect(calls).toBe(1);
});
