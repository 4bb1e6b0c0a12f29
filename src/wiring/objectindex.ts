import type { Reflector } from "../kube/reflector.ts";

/**
 * Sorts by namespace what a reflector holds, change by change; create it before the reflector
 * starts. An object that is shared by several keys is there once; undefined is nothing.
 */
export function createObjectIndex<T extends object>(
  reflector: Pick<Reflector<T | undefined>, "subscribe">,
): ReadonlyMap<string, readonly T[]> {
  const lists = new Map<string, T[]>();
  const counts = new Map<string, Map<T, number>>();

  function add(namespace: string, object: T): void {
    const count = counts.get(namespace) ?? new Map<T, number>();
    const known = count.get(object) ?? 0;
    counts.set(namespace, count.set(object, known + 1));
    if (known > 0) return;
    const list = lists.get(namespace);
    if (list === undefined) lists.set(namespace, [object]);
    else list.push(object);
  }

  function remove(namespace: string, object: T): void {
    const count = counts.get(namespace);
    const known = count?.get(object);
    if (count === undefined || known === undefined) return;
    if (known > 1) return void count.set(object, known - 1);
    count.delete(object);
    const list = lists.get(namespace);
    list?.splice(list.indexOf(object), 1);
    if (count.size > 0) return;
    counts.delete(namespace);
    lists.delete(namespace);
  }

  reflector.subscribe(({ type, key, object, previous }) => {
    const now = type === "deleted" ? undefined : object;
    // Most changes are of what nobody keeps.
    if (now === previous) return;
    const namespace = key.slice(0, key.indexOf("/"));
    if (now !== undefined) add(namespace, now);
    if (previous !== undefined) remove(namespace, previous);
  });
  return lists;
}
