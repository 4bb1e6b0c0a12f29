import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { Compiled } from "../netpol/compile.ts";
import type { Meter } from "../netpol/meter.ts";
import type { Model } from "../netpol/model.ts";
import { compileOnce } from "./compileonce.ts";

type Read = { readonly networkPolicy: NetworkPolicy; readonly compiled: Compiled };

// Files of one namespace are inspected one after the other, each with the same list of neighbours.
const known = new WeakMap<readonly NetworkPolicy[], readonly Read[]>();

/**
 * The policies of the namespace without the inspected one, which has the same name in its stored
 * version. Undefined where one of them cannot be read: then nobody knows what they do together.
 */
export function readNeighbours(
  all: readonly NetworkPolicy[],
  inspected: NetworkPolicy,
  namespace: string,
  meter: Meter,
): readonly Model[] | undefined {
  const read = known.get(all) ?? readAll(all, namespace, meter);
  if (read === undefined || !meter.spend(read.length)) return undefined;
  known.set(all, read);
  const name = inspected.metadata?.name ?? "";
  const models: Model[] = [];
  for (const { networkPolicy, compiled } of read) {
    if (networkPolicy === inspected) continue;
    if (name !== "" && networkPolicy.metadata?.name === name) continue;
    if ("problem" in compiled) return undefined;
    models.push(compiled.model);
  }
  return models;
}

function readAll(
  all: readonly NetworkPolicy[],
  namespace: string,
  meter: Meter,
): readonly Read[] | undefined {
  const read: Read[] = [];
  for (const networkPolicy of all) {
    const compiled = compileOnce(networkPolicy, namespace);
    read.push({ networkPolicy, compiled });
    if (!meter.spend("model" in compiled ? sizeOf(compiled.model) : 1)) return undefined;
  }
  return read;
}

function sizeOf({ rules }: Model): number {
  return rules.reduce((sum, { peers = [] }) => sum + 1 + peers.length, 1);
}
