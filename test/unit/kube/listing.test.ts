import { expect, test } from "vitest";
import { ApiError } from "../../../src/kube/apierror.ts";
import { collect, type Page } from "../../../src/kube/listing.ts";
import type { KubeObject } from "../../../src/kube/object.ts";

const expired = new ApiError("GET /x", 410, { reason: "Expired" });
const named = (name: string): KubeObject => ({ metadata: { name } });

function page(names: readonly string[], next?: string): Page {
  const metadata = { resourceVersion: "7", ...(next ? { continue: next } : {}) };
  return { apiVersion: "v1", kind: "PodList", metadata, items: names.map(named) };
}

async function refusedList(error: Error): Promise<unknown> {
  return collect(
    async () => {
      throw error;
    },
    (object) => object,
  );
}

test("pages are joined, and their objects say what they are as in a watch", async () => {
  const pages: { [token: string]: Page } = { first: page(["a", "b"], "t"), t: page(["c"]) };
  const listed = await collect(
    async (token) => pages[token ?? "first"] ?? page([]),
    (object) => object,
  );
  expect(listed.resourceVersion).toBe("7");
  expect(listed.items).toEqual(
    ["a", "b", "c"].map((name) => ({ apiVersion: "v1", kind: "Pod", metadata: { name } })),
  );
});

test("a token that expired half way starts the list again, without what was there before", async () => {
  let expiries = 1;
  const listed = await collect(
    async (token) => {
      if (token === undefined) return page([`first of attempt ${2 - expiries}`], "t");
      if (expiries-- > 0) throw expired;
      return page(["last"]);
    },
    ({ metadata }) => metadata.name,
  );
  expect(listed.items).toEqual(["first of attempt 2", "last"]);
});

test("after three expired pagings the list is asked for in one piece", async () => {
  const asked: boolean[] = [];
  const listed = await collect(
    async (token, paged) => {
      if (token !== undefined) throw expired;
      asked.push(paged);
      return page(["a"], paged ? "t" : undefined);
    },
    ({ metadata }) => metadata.name,
  );
  expect(asked).toEqual([true, true, true, false]);
  expect(listed.items).toEqual(["a"]);
});

test("an expired first page and any other error are the caller's", async () => {
  await expect(refusedList(expired)).rejects.toBe(expired);
  const reset = new Error("reset");
  await expect(refusedList(reset)).rejects.toBe(reset);
});

test("a null list is an empty list", async () => {
  const listed = await collect(
    async () => ({ metadata: { resourceVersion: "3" }, items: null }),
    (object) => object,
  );
  expect(listed).toEqual({ items: [], resourceVersion: "3" });
});

test("no further page is asked for once there is enough", async () => {
  const asked: (string | undefined)[] = [];
  const listed = await collect(
    async (token) => {
      asked.push(token);
      return page(["a", "b"], "t");
    },
    ({ metadata }) => metadata.name,
    3,
  );
  expect(listed.items).toEqual(["a", "b", "a", "b"]);
  expect(asked).toEqual([undefined, "t"]);
});
