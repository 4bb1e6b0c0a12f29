import { get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { SupervisedProcess } from "./process.ts";

const pollMilliseconds = 100;

/** Waits until `check` holds; throws with the end of its log when the process ends first or the time is up. */
export async function waitUntil(
  check: () => Promise<boolean>,
  process: SupervisedProcess,
  limitMilliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  const timeout = AbortSignal.timeout(limitMilliseconds);
  while (!timeout.aborted) {
    signal.throwIfAborted();
    if (process.hasEnded()) {
      const how = await process.ended;
      throw new Error(`${process.name} ${how} before it was ready:\n${await process.logTail()}`);
    }
    if (await check()) return;
    await sleep(pollMilliseconds, undefined, { signal });
  }
  const seconds = Math.round(limitMilliseconds / 1000);
  throw new Error(`${process.name} was not ready after ${seconds} s:\n${await process.logTail()}`);
}

/** The status and body of one GET; undefined when nobody answers. */
export function probe(
  url: string,
  ca?: string,
  token?: string,
): Promise<Readonly<{ status: number; body: string }> | undefined> {
  const { promise, resolve } = Promise.withResolvers<
    Readonly<{ status: number; body: string }> | undefined
  >();
  const options = {
    agent: false,
    timeout: 2000,
    ...(ca !== undefined && { ca }),
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  };
  const request = (url.startsWith("https:") ? httpsGet : httpGet)(url, options, (response) => {
    let body = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      body += chunk;
    });
    response.on("error", () => resolve(undefined));
    response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
  });
  request.on("timeout", () => request.destroy());
  request.on("error", () => resolve(undefined));
  request.on("close", () => resolve(undefined));
  return promise;
}
