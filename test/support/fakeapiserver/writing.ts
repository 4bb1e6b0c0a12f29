import { keyOf, type KubeObject } from "../../../src/kube/object.ts";
import { type Address, collectionOf } from "./address.ts";
import { notFound, Refusal } from "./answers.ts";
import { applyOnto, jsonPatch, mergePatch } from "./patching.ts";
import { getObject, keyIn } from "./reading.ts";
import type { SeenRequest, Verb } from "./request.ts";
import type { Store } from "./store.ts";

/** Carries out a write and returns what is stored then. */
export function write(store: Store, address: Address, request: SeenRequest): KubeObject {
  const dry = request.query.get("dryRun") === "All";
  if (request.verb === "delete") return remove(store, address, JSON.parse(textOf(request)));
  const body: KubeObject = JSON.parse(textOf(request));
  const collection = collectionOf(address);
  const current = store.get(collection, keyIn(address));
  const next = settled(outcome(store, address, request, current), address);
  if (current === undefined) checkNamespace(store, next);
  checkPreconditions(request.verb, request.verb === "create" ? {} : body.metadata, current);
  return dry ? next : store.put(collection, next);
}

function outcome(
  store: Store,
  address: Address,
  request: SeenRequest,
  current: KubeObject | undefined,
): KubeObject {
  const { verb, headers } = request;
  const body: KubeObject = JSON.parse(textOf(request));
  if (verb === "create") {
    const taken = store.get(collectionOf(address), keyIn({ ...address, name: body.metadata.name }));
    if (!taken) return body;
    throw new Refusal(409, "AlreadyExists", `${address.plural} already exists`);
  }
  if (verb === "apply") return current === undefined ? body : applyOnto(current, body);
  if (current === undefined) throw notFound(`${address.plural} "${address.name ?? ""}"`);
  if (verb === "replace") return body;
  if (headers["content-type"]?.includes("merge-patch")) return mergePatch(current, body);
  try {
    return jsonPatch(current, JSON.parse(textOf(request)));
  } catch (error) {
    throw new Refusal(422, "Invalid", String(error));
  }
}

/** What the server decides about an object whatever the client says. */
function settled(given: KubeObject, address: Address): KubeObject {
  const name = given.metadata.name ?? address.name ?? "";
  const scope = address.namespace === undefined ? {} : { namespace: address.namespace };
  const namespaced = { ...given, metadata: { ...given.metadata, name, ...scope } };
  if (address.plural !== "namespaces") return namespaced;
  const labels = { ...given.metadata.labels, "kubernetes.io/metadata.name": name };
  const status = given["status"] ?? { phase: "Active" };
  return { ...namespaced, status, metadata: { ...namespaced.metadata, labels } };
}

/** Nothing is created in a namespace that does not exist or is about to end. */
function checkNamespace(store: Store, { metadata }: KubeObject): void {
  if (metadata.namespace === undefined) return;
  const namespace = store.get("v1/namespaces", metadata.namespace);
  if (namespace === undefined) throw notFound(`namespaces "${metadata.namespace}"`);
  if (!namespace.metadata.deletionTimestamp) return;
  throw new Refusal(403, "Forbidden", `namespace ${metadata.namespace} is being terminated`, {
    causes: [{ reason: "NamespaceTerminating", field: "metadata.namespace", message: "" }],
  });
}

/** A uid or resourceVersion in a write means "this one and no other". */
function checkPreconditions(
  verb: Verb,
  wanted: KubeObject["metadata"] | undefined,
  current: KubeObject | undefined,
): void {
  const { uid, resourceVersion } = wanted ?? {};
  const is = current?.metadata;
  const sameUid = !uid || uid === is?.uid;
  if (is && resourceVersion && resourceVersion !== is.resourceVersion) throw conflict();
  if (sameUid) return;
  // The real server sees an attempt to change the uid where a patch names another one.
  if (is === undefined || verb === "replace" || verb === "delete") throw conflict();
  throw new Refusal(422, "Invalid", "metadata.uid: field is immutable", {
    causes: [{ reason: "FieldValueInvalid", field: "metadata.uid", message: "immutable" }],
  });
}

function conflict(): Refusal {
  return new Refusal(409, "Conflict", "the object has been modified; apply your changes again");
}

type DeleteOptions = { readonly preconditions?: KubeObject["metadata"] };

/** A namespace that is deleted first says so, then takes all that is in it along. */
function remove(store: Store, address: Address, options: DeleteOptions): KubeObject {
  const current = getObject(store, address);
  checkPreconditions("delete", options.preconditions, current);
  const collection = collectionOf(address);
  if (collection !== "v1/namespaces") return store.remove(collection, keyIn(address)) ?? current;
  terminate(store, keyIn(address));
  return removeNamespace(store, keyIn(address)) ?? current;
}

/** Marks a namespace as terminating. */
export function terminate(store: Store, name: string): void {
  const namespace = store.get("v1/namespaces", name);
  if (namespace === undefined) return;
  const deletionTimestamp = namespace.metadata.deletionTimestamp ?? new Date().toISOString();
  const metadata = { ...namespace.metadata, deletionTimestamp };
  store.put("v1/namespaces", { ...namespace, metadata, status: { phase: "Terminating" } });
}

/** Removes a namespace and all that is in it. */
export function removeNamespace(store: Store, name: string): KubeObject | undefined {
  for (const collection of store.collections())
    for (const { metadata } of store.list(collection, () => true))
      if (metadata.namespace === name) store.remove(collection, keyOf(metadata));
  return store.remove("v1/namespaces", name);
}

function textOf({ body }: SeenRequest): string {
  return body.toString("utf8") || "{}";
}
