import type { KubeObject } from "../../../src/kube/object.ts";
import { type Address, collectionOf } from "./address.ts";
import { expired, future, notFound } from "./answers.ts";
import { parseSelector } from "./selecting.ts";
import type { Store } from "./store.ts";

const kinds: { readonly [plural: string]: string } = {
  namespaces: "Namespace",
  networkpolicies: "NetworkPolicy",
  leases: "Lease",
  pods: "Pod",
  configmaps: "ConfigMap",
};

/** What is left of a paged list, as of the version of its first page. */
type Rest = { readonly items: readonly KubeObject[]; readonly version: number };

/** Lists in pages: what is left of each paged list waits here for its next request. */
export class Pages {
  readonly #waiting = new Map<string, Rest>();
  readonly #store: Store;
  #next = 1;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Every continue token is answered with 410 from now on. */
  expire(): void {
    this.#waiting.clear();
  }

  list(address: Address, query: URLSearchParams): object {
    const token = query.get("continue");
    const selects = parseSelector(query, address.namespace);
    const { version } = this.#store;
    const rest: Rest = token
      ? this.#rest(token)
      : { items: this.#store.list(collectionOf(address), selects), version };
    const limit = Number(query.get("limit") ?? "0") || rest.items.length;
    const left = rest.items.slice(limit);
    const next = left.length > 0 ? `page-${this.#next++}` : undefined;
    if (next) this.#waiting.set(next, { items: left, version: rest.version });
    return {
      kind: `${kinds[address.plural] ?? "Unknown"}List`,
      apiVersion: address.apiVersion,
      metadata: {
        resourceVersion: String(rest.version),
        ...(next ? { continue: next, remainingItemCount: left.length } : {}),
      },
      // Like the real one: items of a list do not say what they are.
      items: rest.items.slice(0, limit).map(nameless),
    };
  }

  #rest(token: string): Rest {
    const rest = this.#waiting.get(token);
    if (rest === undefined) throw expired();
    if (rest.version > this.#store.version) throw future();
    return rest;
  }
}

function nameless({ kind: _kind, apiVersion: _apiVersion, ...item }: KubeObject): KubeObject {
  return item;
}

/** One object, or a 404. */
export function getObject(store: Store, address: Address): KubeObject {
  const found = store.get(collectionOf(address), keyIn(address));
  if (found === undefined) throw notFound(`${address.plural} "${address.name ?? ""}"`);
  return found;
}

/** The store's key of the object at an address. */
export function keyIn({ namespace, name = "" }: Address): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
