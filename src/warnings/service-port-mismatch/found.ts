import { oneOf } from "../../netpol/domain.ts";
import type { Meter } from "../../netpol/meter.ts";
import { covers, type Selector, selectorOf } from "../../netpol/selector.ts";
import type { KnownPod, KnownService } from "../cluster.ts";
import { leadsTo } from "./translator.ts";

/** A Service and the pods of the destination that are behind it. */
export type Found = {
  readonly service: KnownService;
  readonly namespace: string;
  /** Known ones only. */
  readonly behind: readonly KnownPod[];
  readonly leadsToAll: boolean;
  /** There are such pods, all of them are known, and none is behind it. */
  readonly leadsToNone: boolean;
};

/** The pods behind a Service are looked for when somebody asks: most Services do not matter. */
export function foundIn(
  { service, namespace }: Pick<Found, "service" | "namespace">,
  pods: readonly KnownPod[],
  { selector, complete }: { readonly selector: Selector; readonly complete: boolean },
  meter: Meter,
): Found {
  const isBehind = ({ labels }: KnownPod): boolean => meter.spend(1) && leadsTo(service, labels);
  let behind: readonly KnownPod[] | undefined;
  return {
    service,
    namespace,
    get behind() {
      return (behind ??= pods.filter(isBehind));
    },
    get leadsToAll() {
      if (isAskedFor(service, selector)) return true;
      return selector.keys.size > 0 && pods.length > 0 && pods.every(isBehind);
    },
    get leadsToNone() {
      return complete && pods.length > 0 && this.behind.length === 0;
    },
  };
}

/** True when the selector asks for every label of the Service's. */
function isAskedFor(service: KnownService, selector: Selector): boolean {
  if (!service.selector.keys().every((key) => selector.keys.has(key))) return false;
  const labels = service.selector.entries().map(([key, value]) => [key, oneOf([value])] as const);
  return covers(selectorOf(new Map(labels)), selector);
}
