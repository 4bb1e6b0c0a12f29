import { expect, test } from "vitest";
import { createHealthServer } from "../../../src/server/health.ts";

test("liveness is that it answers; readiness names what is missing", async () => {
  let missing: string | undefined = "not synced";
  await using health = createHealthServer(() => [
    { name: "certificate", check: () => undefined },
    { name: "caches", check: () => missing },
    {
      name: "configuration",
      check: () => {
        if (missing) throw new Error("not loaded");
        return undefined;
      },
    },
  ]);
  const { port } = await health.start({ host: "127.0.0.1", port: 0 });
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, text: await response.text() };
  };
  expect(await get("/livez")).toEqual({ status: 200, text: "ok\n" });
  expect(await get("/readyz")).toEqual({
    status: 503,
    text: "[+] certificate: ok\n[-] caches: not synced\n[-] configuration: not loaded\nnot ready\n",
  });
  missing = undefined;
  expect(await get("/readyz")).toEqual({
    status: 200,
    text: "[+] certificate: ok\n[+] caches: ok\n[+] configuration: ok\nready\n",
  });
  expect((await get("/")).status).toBe(404);
});
