import type { Logger } from "pino";
import type { ObjectMeta } from "../../src/api/meta.ts";
import type { KubeObject } from "../../src/kube/object.ts";
import { keyOf } from "../../src/kube/object.ts";
import type { KubeClient, Selection } from "../../src/kube/client.ts";
import { collectionPath, namespaces, networkPolicies } from "../../src/kube/path.ts";
import { connect } from "../../src/wiring/cluster.ts";
import { asJudged, watchNetworkPolicies } from "../../src/wiring/policyindex.ts";
import { defaultDenyPolicy } from "../../src/api/names.ts";

/** The copies that webhook and controller decide by, made by the code that makes theirs. */
export type Caches = {
  /** Where they differ from fresh lists of the truth; empty when they are equal. */
  readonly differences: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Lists after the first one, of all copies. */
  readonly relists: () => number;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

type Copy = {
  readonly name: string;
  readonly path: string;
  readonly selection: Selection;
  readonly spell: (object: KubeObject) => readonly [key: string, state: string];
  readonly held: () => readonly (readonly [key: string, state: string])[];
};

/** Begins to watch by way of the one connection; `truth` reads by way of another. */
export async function watchAll(
  kubeconfig: string,
  truth: KubeClient,
  log: Logger,
  signal: AbortSignal,
): Promise<Caches> {
  const cluster = await connect({ kubeconfig }, log, signal);
  const texts = watchNetworkPolicies(cluster.client, log);
  texts.start(signal);
  const reflectors = [cluster.namespaces, cluster.policies, texts];
  await Promise.all(reflectors.map((reflector) => reflector.whenSynced(signal)));
  const copies: readonly Copy[] = [
    {
      name: "namespaces",
      path: collectionPath(namespaces),
      selection: {},
      spell: version,
      held: () => cluster.namespaces.list().map(version),
    },
    {
      name: "deny-alls",
      path: collectionPath(networkPolicies),
      selection: { fieldSelector: `metadata.name=${defaultDenyPolicy}` },
      spell: version,
      held: () => cluster.policies.list().map(version),
    },
    {
      name: "NetworkPolicies",
      path: collectionPath(networkPolicies),
      selection: {},
      spell: (object) => [keyOf(object.metadata), JSON.stringify(asJudged(object))],
      held: () => texts.list().map((text) => [keyOf(metadataIn(text)), text]),
    },
  ];
  return {
    differences: async (abort) => {
      const found = await Promise.all(copies.map((copy) => compare(copy, truth, abort)));
      return found.flat();
    },
    relists: () => reflectors.reduce((sum, { counters }) => sum + counters.relists, 0),
    [Symbol.asyncDispose]: async () => {
      await texts[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
    },
  };
}

async function compare(
  { name, path, selection, spell, held }: Copy,
  truth: KubeClient,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { items } = await truth.list(path, { ...selection, transform: spell }, signal);
  const listed = new Map(items);
  const here = new Map(held());
  return [...new Set([...listed.keys(), ...here.keys()])]
    .filter((key) => listed.get(key) !== here.get(key))
    .map((key) => `${name}: ${key}: ${here.get(key) ?? "absent"} for ${listed.get(key) ?? "none"}`);
}

function version({
  metadata,
}: {
  readonly metadata?: ObjectMeta | null;
}): readonly [string, string] {
  const { uid = "", resourceVersion = "" } = metadata ?? {};
  return [keyOf(metadata ?? {}), `${uid}/${resourceVersion}`];
}

function metadataIn(text: string): ObjectMeta {
  const { metadata }: KubeObject = JSON.parse(text);
  return metadata;
}
