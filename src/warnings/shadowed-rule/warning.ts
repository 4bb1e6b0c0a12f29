import type { Direction } from "../../netpol/model.ts";
import { includesPorts, type PortSet, protocols } from "../../netpol/ports.ts";
import { crowdOf, isWithin } from "../cover.ts";
import { hasEffect } from "../effect.ts";
import type { Advice, Inspected, Warning } from "../warning.ts";
import { createFinder, type Entry } from "./finder.ts";

/** Tells of rules that another rule makes superfluous. */
export const shadowedRule: Warning = {
  id: "shadowed-rule",
  summary: "A rule lets through nothing that another rule of the policy does not let through.",
  inspect: (inspected) =>
    (["ingress", "egress"] as const).flatMap((direction) => inspectSide(inspected, direction)),
};

/** With so few rules each pair is looked at. */
const few = 12;

function inspectSide(inspected: Inspected, direction: Direction): readonly Advice[] {
  const { policy, rules, meter } = inspected;
  const own = rules.filter((rule) => rule.direction === direction && hasEffect(rule));
  // To index a peer or a port takes some steps.
  const parts = own.reduce(
    (sum, { peers, ports }) => sum + (peers?.length ?? 0) + sizeOf(ports),
    0,
  );
  if (own.length < 2 || !meter.spend(6 * parts)) return [];
  const entries = own.map((rule, at): Entry => {
    const crowd = once(() => crowdOf(rule.peers, policy.namespace));
    return { at, rule, crowd };
  });
  const finder = entries.length > few ? createFinder(entries) : undefined;
  return entries.flatMap((entry) => {
    const candidates = finder?.candidates(entry, meter) ?? entries;
    const wider = candidates.find((other) => shadows(inspected, other, entry));
    if (wider === undefined) return [];
    const { path } = entry.rule;
    return [
      {
        path,
        message: `${wider.rule.path} lets through everything that this rule lets through: to narrow or remove this one changes nothing`,
        fix: `Remove ${path}; or, if it says what is meant, narrow ${wider.rule.path}.`,
      },
    ];
  });
}

/** Of rules that mean the same the first one counts. */
function shadows({ meter }: Inspected, wider: Entry, entry: Entry): boolean {
  if (wider === entry || !covers(wider, entry, meter)) return false;
  return wider.at < entry.at || !covers(entry, wider, meter);
}

function covers(outer: Entry, inner: Entry, meter: Inspected["meter"]): boolean {
  if (!meter.spend(1 + sizeOf(inner.rule.ports))) return false;
  return (
    includesPorts(outer.rule.ports, inner.rule.ports) &&
    isWithin(inner.crowd(), outer.crowd(), meter)
  );
}

/** Computes at the first call, if there is one. */
function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

function sizeOf(ports: PortSet): number {
  return protocols.reduce(
    (sum, protocol) => sum + ports[protocol].numbers.length + ports[protocol].names.size,
    0,
  );
}
