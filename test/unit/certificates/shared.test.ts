import { expect, test } from "vitest";

import { createAuthority, issueLeaf } from "../../../src/certificates/issue.ts";
import type { SecretStore, StoredSecret } from "../../../src/certificates/ports.ts";
import { obtainAuthority } from "../../../src/certificates/shared.ts";

const now = () => new Date("2030-03-01T12:00:00Z");
const { signal } = new AbortController();

type Data = ReadonlyMap<string, string>;

/** One Secret as the API server keeps it; every access yields, so that replicas interleave. */
function createStore(data?: Data) {
  let stored: StoredSecret | undefined =
    data === undefined ? undefined : { resourceVersion: "1", data };
  let writes = 0;
  const store: SecretStore = {
    get: async () => stored,
    create: async (fresh) => {
      if (stored !== undefined) return "exists";
      stored = { resourceVersion: String(++writes), data: fresh };
      return "created";
    },
    update: async (fresh, resourceVersion) => {
      if (stored?.resourceVersion !== resourceVersion) return "conflict";
      stored = { resourceVersion: `u${String(++writes)}`, data: fresh };
      return "updated";
    },
  };
  return { store, stored: () => stored, writes: () => writes };
}

test("without a Secret an authority is made and written once", async () => {
  const { store, stored } = createStore();
  const obtained = await obtainAuthority({ store, now }, signal);
  if ("error" in obtained) throw new Error(obtained.error);
  expect(obtained.origin).toBe("created");
  expect(stored()?.data).toEqual(
    new Map([
      ["ca.crt", obtained.authority.certificate],
      ["ca.key", obtained.authority.key],
    ]),
  );
});

test("what stands in the Secret is adopted and nothing is written", async () => {
  const { certificate, key } = await createAuthority(now());
  const { store, writes } = createStore(
    new Map([
      ["ca.crt", certificate],
      ["ca.key", key],
    ]),
  );
  expect(await obtainAuthority({ store, now }, signal)).toEqual({
    authority: { certificate, key },
    origin: "adopted",
  });
  expect(writes()).toBe(0);
});

test.each([
  ["is missing", undefined],
  ["is empty", new Map<string, string>()],
])(
  "of replicas that start together while the Secret %s, one wins and all others adopt",
  async (_, data) => {
    const { store, writes } = createStore(data);
    const all = await Promise.all(
      Array.from({ length: 5 }, () => obtainAuthority({ store, now }, signal)),
    );
    const certificates = all.map((each) =>
      "error" in each ? each.error : each.authority.certificate,
    );
    expect(new Set(certificates).size).toBe(1);
    expect(all.filter((each) => "origin" in each && each.origin === "created")).toHaveLength(1);
    expect(writes()).toBe(1);
  },
);

test.each<[string, () => Promise<Data>]>([
  [
    "ca.key is missing",
    async () => new Map([["ca.crt", (await createAuthority(now())).certificate]]),
  ],
  ["ca.crt is missing", async () => new Map([["ca.key", (await createAuthority(now())).key]])],
  ["the certificate is not readable PEM", async () => pair("nonsense", "nonsense")],
  [
    "the private key is not readable PEM",
    async () => pair((await createAuthority(now())).certificate, "nonsense"),
  ],
  [
    "the private key belongs to another certificate",
    async () =>
      pair((await createAuthority(now())).certificate, (await createAuthority(now())).key),
  ],
  [
    "the certificate is not that of an authority",
    async () => {
      const leaf = await issueLeaf(await createAuthority(now()), { names: ["a"] }, now());
      return pair(leaf.certificate, leaf.key);
    },
  ],
  [
    "the authority expired on 2029-12-29T00:00:00.000Z",
    async () => {
      const old = await createAuthority(new Date("2020-01-01T00:00:00Z"));
      return pair(old.certificate, old.key);
    },
  ],
])("a Secret of which %s is refused with a remedy and never replaced", async (reason, data) => {
  const { store, writes } = createStore(await data());
  expect(await obtainAuthority({ store, now }, signal)).toEqual({
    error: `the Secret of the certificate authority cannot be used: ${reason}; it is never replaced unasked: restore it, or delete it and restart the webhook and the controller to have a new authority made`,
  });
  expect(writes()).toBe(0);
});

test("when others write in every round it gives up instead of spinning", async () => {
  const store: SecretStore = {
    get: async () => undefined,
    create: async () => "exists",
    update: async () => "conflict",
  };
  expect(await obtainAuthority({ store, now }, signal)).toEqual({
    error: "the Secret of the certificate authority was written by others in every round",
  });
});

test("an outage of the API server is thrown, not taken for an answer", async () => {
  const outage = new Error("connection refused");
  const store: SecretStore = {
    ...createStore().store,
    get: async () => {
      throw outage;
    },
  };
  await expect(obtainAuthority({ store, now }, signal)).rejects.toBe(outage);
});

function pair(certificate: string, key: string): Data {
  return new Map([
    ["ca.crt", certificate],
    ["ca.key", key],
  ]);
}
