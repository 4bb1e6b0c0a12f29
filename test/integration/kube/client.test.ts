import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ApiError, ConnectionError } from "../../../src/kube/apierror.ts";
import type { KubeObject } from "../../../src/kube/object.ts";
import { servedResources, serverVersion } from "../../../src/kube/discovery.ts";
import { collectionPath, namespaces, networkPolicies, objectPath } from "../../../src/kube/path.ts";
import { setUp } from "./setup.ts";

const path = objectPath(networkPolicies, "p", "a");
const collection = collectionPath(networkPolicies, "a");
const policy = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "p", namespace: "a" },
  spec: {
    podSelector: {},
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: "b" } } }] }],
  },
};
const from = '"ingress":[{"from":[{"namespaceSelector":{"matchLabels":{"team":"b"}}}]}]';

test("ingress[].from is in the bytes of every write", async () => {
  await using setup = await setUp();
  const { api, client, signal } = setup;
  api.put(objectPath(namespaces, "a"), {});
  await client.create(collection, policy, {}, signal);
  await client.replace(path, policy, {}, signal);
  await client.apply(path, policy, {}, signal);
  await client.patch(path, { spec: policy.spec }, {}, signal);
  await client.patch(path, [{ op: "replace", path: "/spec", value: policy.spec }], {}, signal);
  const writes = api.seen("create", "replace", "apply", "patch");
  expect(writes.map(({ method, headers }) => `${method} ${headers["content-type"]}`)).toEqual([
    "POST application/json",
    "PUT application/json",
    "PATCH application/apply-patch+yaml",
    "PATCH application/merge-patch+json",
    "PATCH application/json-patch+json",
  ]);
  for (const { body } of writes) expect(body.toString("latin1")).toContain(from);
  for (const { body } of writes) expect(body.toString("latin1")).not.toContain("_from");
});

test("what is read is what is stored, unknown fields and from included", async () => {
  await using setup = await setUp();
  const { api, client, signal } = setup;
  const stored = api.put(path, { ...policy, unheardOf: [{ from: null }] });
  expect(await client.get(path, signal)).toEqual(stored);
  const listed = await client.list(collection, { transform: (object) => object }, signal);
  expect(listed.items).toEqual([stored]);
});

function nameOf({ metadata }: KubeObject): string {
  return metadata.name ?? "";
}

function watchOptions(resourceVersion: string) {
  return { resourceVersion, timeoutSeconds: 300 };
}

test("writes name the field manager, apply takes over, and a dry run says so", async () => {
  await using setup = await setUp();
  const { api, client, signal } = setup;
  api.put(objectPath(namespaces, "a"), {});
  await client.apply(path, policy, { dryRun: true }, signal);
  expect(api.get(path)).toBeUndefined();
  expect(Object.fromEntries(api.requests[0]?.query ?? [])).toEqual({
    fieldManager: "ringfence",
    force: "true",
    dryRun: "All",
  });
});

test("not found is a value for reads and deletes, an error for writes", async () => {
  await using setup = await setUp();
  const { client, signal } = setup;
  expect(await client.get(path, signal)).toBeUndefined();
  expect(await client.delete(path, {}, signal)).toBe(false);
  await expect(client.replace(path, policy, {}, signal)).rejects.toMatchObject({ status: 404 });
  await expect(client.apply(path, policy, {}, signal)).rejects.toMatchObject({ status: 404 });
});

test("a delete with the uid of an earlier object deletes nothing", async () => {
  await using setup = await setUp();
  const { api, client, signal } = setup;
  const first = api.put(path, policy);
  const second = api.recreate(path);
  const uid = first.metadata.uid ?? "";
  await expect(client.delete(path, { uid }, signal)).rejects.toMatchObject({ status: 409 });
  expect(await client.delete(path, { uid: second.metadata.uid ?? "" }, signal)).toBe(true);
  expect(api.get(path)).toBeUndefined();
});

test("a refusal keeps status, reason, causes and Retry-After", async () => {
  await using setup = await setUp();
  const { api, client, signal } = setup;
  api.put(objectPath(namespaces, "a"), {});
  api.terminate("a");
  await expect(client.create(collection, policy, {}, signal)).rejects.toMatchObject({
    name: "ApiError",
    status: 403,
    reason: "Forbidden",
    causes: [{ reason: "NamespaceTerminating" }],
  });
  api.fail({ on: "get" }, { kind: "status", code: 429, retryAfterSeconds: 3 });
  const throttled = await client.get(path, signal).catch((error: unknown) => error);
  expect(throttled).toBeInstanceOf(ApiError);
  expect(throttled).toMatchObject({ status: 429, retryAfterSeconds: 3, request: `GET ${path}` });
});

test("a server that never answers is left after the time limit", async () => {
  await using setup = await setUp({ requestTimeoutMs: 50 });
  const { api, client, signal } = setup;
  api.fail({ on: "any", times: 2 }, { kind: "stall" });
  const late = await client.get(path, signal).catch((error: unknown) => error);
  expect(late).toBeInstanceOf(ConnectionError);
  expect(String(late)).toBe(`ConnectionError: GET ${path}: no answer within 50 ms`);
  const watching = client.watch(collection, watchOptions("1000"), signal);
  await expect(watching).rejects.toThrow("no answer within 50 ms");
  expect(await client.get(path, signal)).toBeUndefined();
});

test("the caller's abort ends a request with the caller's reason", async () => {
  await using setup = await setUp();
  const { api, client } = setup;
  api.fail({ on: "get" }, { kind: "stall" });
  const abort = new AbortController();
  const waiting = client.get(path, abort.signal);
  abort.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});

test("a reset connection is an outage, not a refusal", async () => {
  await using setup = await setUp();
  const { api, client, signal } = setup;
  api.fail({ on: "get" }, { kind: "reset" });
  await expect(client.get(path, signal)).rejects.toBeInstanceOf(ConnectionError);
});

test("lists come in pages, and one that expires half way starts again", async () => {
  await using setup = await setUp();
  const { api, client, signal } = setup;
  for (const name of ["a", "b", "c", "d", "e"]) api.put(objectPath(namespaces, name), {});
  api.fail({ on: "list" }, { kind: "delay", ms: 0 });
  api.fail({ on: "list" }, { kind: "status", code: 410 });
  const options = { pageSize: 2, transform: nameOf };
  const listed = await client.list(collectionPath(namespaces), options, signal);
  expect(listed.items).toEqual(["a", "b", "c", "d", "e"]);
  expect(api.seen("list").map(({ query }) => query.get("continue"))).toEqual([
    null,
    "page-1",
    null,
    "page-2",
    "page-3",
  ]);
});

test("a rotated token is taken up after a 401, and one that stays wrong is an error", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "ringfence-token-"));
  const tokenFile = join(folder.path, "token");
  await writeFile(tokenFile, "old");
  await using setup = await setUp({ token: "old", user: { tokenFile } });
  const { api, client, signal } = setup;
  await client.get(path, signal);
  api.token = "new";
  await expect(client.get(path, signal)).rejects.toMatchObject({ status: 401 });
  await writeFile(tokenFile, "new");
  expect(await client.get(path, signal)).toBeUndefined();
  expect(api.requests).toHaveLength(5);
});

test("discovery tells what is served", async () => {
  await using setup = await setUp();
  const { api, client, signal } = setup;
  const resource = { name: "mutatingadmissionpolicies", kind: "X", namespaced: false };
  api.served.set("admissionregistration.k8s.io/v1", [resource]);
  const served = (version: string) => servedResources(client, version, signal);
  expect(await served("admissionregistration.k8s.io/v1")).toEqual([resource]);
  expect(await served("nobody.example/v1")).toEqual([]);
  expect(await serverVersion(client, signal)).toEqual({ minor: 37, gitVersion: "v1.37.2" });
});

test("a write that names an earlier object of the name is refused, as by the real server", async () => {
  await using setup = await setUp();
  const { api, client, signal } = setup;
  api.put(objectPath(namespaces, "a"), {});
  const { uid = "", resourceVersion = "" } = api.put(path, policy).metadata;
  api.recreate(path);
  const named = (metadata: object) => ({
    ...policy,
    metadata: { ...policy.metadata, ...metadata },
  });
  const apply = (metadata: object) => client.apply(path, named(metadata), {}, signal);
  await expect(apply({ uid, resourceVersion })).rejects.toMatchObject({ status: 409 });
  await expect(apply({ uid })).rejects.toMatchObject({
    status: 422,
    causes: [{ field: "metadata.uid" }],
  });
  api.remove(path);
  await expect(apply({ uid })).rejects.toMatchObject({ status: 409 });
  expect(api.get(path)).toBeUndefined();
});
