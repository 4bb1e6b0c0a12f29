import { hasStatus } from "./apierror.ts";
import type { KubeObject } from "./object.ts";

/** One answer to a LIST, as it stands on the wire. */
export type Page = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly KubeObject[] | null;
};

export type Listed<T> = { readonly items: readonly T[]; readonly resourceVersion: string };

/** After so many expired pagings the list is asked for in one piece. */
const pagedAttempts = 3;

/**
 * Collects a paged list. `fetchPage` gets the continue token, or undefined for a first page,
 * and whether to page at all. A token that expired half way (410) starts the list again.
 * With `atMost` no further page is fetched once there are so many items.
 */
export async function collect<T>(
  fetchPage: (token: string | undefined, paged: boolean) => Promise<Page>,
  transform: (object: KubeObject) => T,
  atMost = Infinity,
): Promise<Listed<T>> {
  for (let attempt = 1; ; attempt += 1) {
    const paged = attempt <= pagedAttempts;
    const listed = await collectOnce((token) => fetchPage(token, paged), transform, atMost);
    if (listed !== undefined) return listed;
  }
}

/** Undefined when the paging expired. */
async function collectOnce<T>(
  fetchPage: (token: string | undefined) => Promise<Page>,
  transform: (object: KubeObject) => T,
  atMost: number,
): Promise<Listed<T> | undefined> {
  const items: T[] = [];
  let token: string | undefined;
  do {
    let page: Page;
    try {
      page = await fetchPage(token);
    } catch (error) {
      if (token !== undefined && hasStatus(error, 410)) return undefined;
      throw error;
    }
    // Each page is slimmed before the next is fetched: the whole raw list never exists at once.
    for (const object of page.items ?? []) items.push(transform(whole(object, page)));
    token = page.metadata?.continue || undefined;
    if (token === undefined || items.length >= atMost)
      return { items, resourceVersion: page.metadata?.resourceVersion ?? "" };
  } while (token !== undefined);
  return undefined;
}

/** Items of a list come without the apiVersion and kind that the same object has in a watch. */
function whole(object: KubeObject, page: Page): KubeObject {
  if (object.kind !== undefined || !page.kind?.endsWith("List")) return object;
  const apiVersion = page.apiVersion === undefined ? {} : { apiVersion: page.apiVersion };
  return { ...apiVersion, kind: page.kind.slice(0, -"List".length), ...object };
}
