import type { Change } from "../../../src/kube/cache.ts";
import type { KubeObject } from "../../../src/kube/object.ts";
import { Reflector, type ReflectorOptions } from "../../../src/kube/reflector.ts";
import type { ReflectorTiming } from "../../../src/kube/timing.ts";
import { eventually, type Setup, silent } from "./setup.ts";

export const path = "/api/v1/namespaces";

export type Watching = AsyncDisposable & {
  readonly reflector: Reflector<KubeObject>;
  /** What listeners were told, as "added a initial". */
  readonly seen: readonly string[];
};

type Options = Partial<ReflectorOptions<KubeObject>> & {
  readonly timing?: Partial<ReflectorTiming>;
};

/** Starts a reflector of namespaces with short times. */
export function startWatching({ client, signal }: Setup, options: Options = {}): Watching {
  const seen: string[] = [];
  const { onChange } = options;
  const reflector = new Reflector<KubeObject>({
    client,
    resource: { path },
    transform: (object) => object,
    log: silent,
    ...options,
    onChange: (change: Change<KubeObject>) => {
      seen.push(`${change.type} ${change.key}${change.initial ? " initial" : ""}`);
      onChange?.(change);
    },
    timing: { silenceMs: 5000, backoff: { baseMs: 2, capMs: 20 }, ...options.timing },
  });
  reflector.start(signal);
  return { reflector, seen, [Symbol.asyncDispose]: () => reflector[Symbol.asyncDispose]() };
}

/** The same, and waits until its watch is open. */
export async function watching(setup: Setup, options: Options = {}): Promise<Watching> {
  const started = startWatching(setup, options);
  await eventually(
    () => setup.api.watches().length === 1,
    () => "no watch",
  );
  return started;
}

/** Creates namespaces as somebody else would. */
export function put({ api }: Setup, ...created: readonly string[]): void {
  for (const name of created) api.put(`${path}/${name}`, { kind: "Namespace", apiVersion: "v1" });
}

/** Waits until so many changes were told, and returns those from `from` on. */
export async function told(
  { seen }: Watching,
  count: number,
  from = 0,
): Promise<readonly string[]> {
  await eventually(
    () => seen.length >= count,
    () => seen.join(),
  );
  return seen.slice(from);
}

/** The names in the reflector's copy. */
export function names({ reflector }: Watching): string {
  const all = reflector.list().map(({ metadata }) => metadata.name ?? "");
  return all.toSorted((a, b) => (a < b ? -1 : 1)).join(" ");
}
