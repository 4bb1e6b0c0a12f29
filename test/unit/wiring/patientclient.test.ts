import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { ApiError } from "../../../src/kube/apierror.ts";
import type { ListOptions } from "../../../src/kube/client.ts";
import { createPatientClient } from "../../../src/wiring/patientclient.ts";
import { ManualClock, settle } from "../kube/manualclock.ts";

const path = "/api/v1/pods";
const watching = { resourceVersion: "1", timeoutSeconds: 10 };

/** A server that answers with these errors, one after the other, and then as it should. */
function server(...errors: readonly Error[]) {
  const left = [...errors];
  const asked: (number | undefined)[] = [];
  const lines: string[] = [];
  const answer = (pageSize: number | undefined): void => {
    asked.push(pageSize);
    const error = left.shift();
    if (error !== undefined) throw error;
  };
  const clock = new ManualClock();
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const client = createPatientClient(
    {
      list: async <T>(_path: string, { pageSize }: ListOptions<T>) => {
        answer(pageSize);
        return { items: [], resourceVersion: "7" };
      },
      watch: async () => {
        answer(undefined);
        return none();
      },
    },
    { clock, log, retryMs: 1000, pageSize: 100 },
  );
  return { client, clock, asked, lines, left };
}

async function* none(): AsyncGenerator<never> {}

const forbidden = (): ApiError => new ApiError(`GET ${path}`, 403, { message: "no" });

describe("the patient client", () => {
  test("asks for small pages and passes the answer on", async () => {
    const { client, asked } = server();
    const listed = await client.list(path, { transform: () => 1 }, new AbortController().signal);
    expect(listed).toEqual({ items: [], resourceVersion: "7" });
    expect(asked).toEqual([100]);
  });

  test("waits where something is withheld, says so once, and asks again", async () => {
    const { client, clock, asked, lines, left } = server(forbidden(), forbidden());
    let isListed = false;
    const { signal } = new AbortController();
    const listing = client.list(path, { transform: () => 1 }, signal).then(() => (isListed = true));
    await clock.advance(999);
    expect([asked.length, isListed]).toEqual([1, false]);
    await clock.advance(1000);
    expect([asked.length, isListed]).toEqual([2, false]);
    await clock.advance(1000);
    expect([asked.length, await listing]).toEqual([3, true]);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      level: 40,
      msg: "the API server withholds what some warnings need",
      path,
      err: { message: "no" },
    });
    left.push(forbidden());
    const watched = client.watch(path, watching, signal);
    await clock.advance(1000);
    await watched;
    expect(lines).toHaveLength(2);
  });

  test("leaves every other failure to whoever asks", async () => {
    const { client, lines } = server(new ApiError(path, 410, {}), new ApiError(path, 500, {}));
    const { signal } = new AbortController();
    await expect(client.list(path, { transform: () => 1 }, signal)).rejects.toThrow(/410/);
    await expect(client.watch(path, watching, signal)).rejects.toThrow(/500/);
    expect(lines).toEqual([]);
  });

  test("stops waiting when nobody waits for it any more", async () => {
    const { client } = server(forbidden());
    const abort = new AbortController();
    const listing = client.list(path, { transform: () => 1 }, abort.signal);
    await settle();
    abort.abort(new Error("leaving"));
    await expect(listing).rejects.toThrow("leaving");
  });
});
