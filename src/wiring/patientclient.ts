import { hasStatus } from "../kube/apierror.ts";
import type { KubeClient, ListOptions, WatchOptions } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";

type Reader = Pick<KubeClient, "list" | "watch">;

/**
 * A client for what is good to know and not needed. Where the server withholds it, it is told once
 * and asked for again after some minutes; whoever waits for it waits. Pages are small, so that
 * reading them does not hold up the rest of the process.
 */
export function createPatientClient(
  client: Reader,
  deps: {
    readonly clock: Clock;
    readonly log: Log;
    readonly retryMs: number;
    readonly pageSize: number;
  },
): Reader {
  const { clock, log, retryMs, pageSize } = deps;
  let isTold = false;
  async function patiently<T>(
    path: string,
    ask: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    for (;;) {
      try {
        const answer = await ask();
        isTold = false;
        return answer;
      } catch (error) {
        if (!hasStatus(error, 403, 404)) throw error;
        const fields = { err: error, path, retryMs };
        if (!isTold) log.warn(fields, "the API server withholds what some warnings need");
        isTold = true;
        await clock.sleep(retryMs, signal);
      }
    }
  }
  return {
    list: <T>(path: string, options: ListOptions<T>, signal: AbortSignal) =>
      patiently(path, () => client.list(path, { pageSize, ...options }, signal), signal),
    watch: (path: string, options: WatchOptions, signal: AbortSignal) =>
      patiently(path, () => client.watch(path, options, signal), signal),
  };
}
