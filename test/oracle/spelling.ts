import { lookup } from "../../src/api/meta.ts";
import type { EgressRule, IngressRule, NetworkPolicy } from "../../src/api/networkpolicy.ts";
import type { Parameters } from "../../src/rules/parameters.ts";
import { hasHostBits, isMapped, readCIDR } from "./address.ts";
import type { Expectation } from "./expectation.ts";
import { directions, isLive } from "./policy.ts";

function textual(rule: string, keys: readonly string[]): Expectation {
  return { rule, keys, optional: false, reaches: [] };
}

/** Every address text of the whole object, dead rules included, with its place. */
export function spellings(networkPolicy: NetworkPolicy): readonly { key: string; text: string }[] {
  return directions.flatMap((direction) =>
    (networkPolicy.spec?.[direction] ?? []).flatMap((rule, index) => {
      const { from, to } = (rule ?? {}) as IngressRule & EgressRule;
      return ((direction === "ingress" ? from : to) ?? []).flatMap(({ ipBlock }, position) => {
        if (!ipBlock) return [];
        const key = `${direction}[${index}][${position}]`;
        const excepts = (ipBlock.except ?? []).map((text, nth) => ({
          key: `${key}.except[${nth}]`,
          text,
        }));
        return [{ key: `${key}.cidr`, text: ipBlock.cidr }].concat(excepts);
      });
    }),
  );
}

/** `no-ambiguous-address`. */
export function judgeAmbiguous(networkPolicy: NetworkPolicy): readonly Expectation[] {
  return spellings(networkPolicy)
    .filter(({ text }) => readCIDR(text).leadingZero || isMapped(readCIDR(text)))
    .map(({ key }) => textual("no-ambiguous-address", [key]));
}

/** `require-canonical-address`. */
export function judgeCanonical(networkPolicy: NetworkPolicy): readonly Expectation[] {
  return spellings(networkPolicy)
    .filter(({ text }) => hasHostBits(readCIDR(text)))
    .map(({ key }) => textual("require-canonical-address", [key]));
}

/** `no-dead-rules`: places are the direction or any rule of it. */
export function judgeDeadRules(networkPolicy: NetworkPolicy): readonly Expectation[] {
  return directions.flatMap((direction) => {
    const rules = networkPolicy.spec?.[direction] ?? [];
    if (rules.length === 0 || isLive(networkPolicy, direction)) return [];
    const keys = [direction, ...rules.map((_, index) => `${direction}[${index}]`)];
    return [textual("no-dead-rules", keys)];
  });
}

function hasOVNProvider(value: string): boolean {
  const entries = value.split(",").map((entry) => entry.trim());
  return entries.some((entry) => entry.toLowerCase() === "ovn" || /^[^/]+\/[^/]+$/.test(entry));
}

/** `no-weakening-annotation`: the place is the annotation's key. */
export function judgeAnnotations(
  networkPolicy: NetworkPolicy,
  parameters: Parameters,
): readonly Expectation[] {
  return parameters.annotations.flatMap((annotation) => {
    const value = lookup(networkPolicy.metadata?.annotations, annotation.key);
    if (value === undefined) return [];
    const weak =
      annotation.weakens === "exactly"
        ? value === annotation.value
        : value.trim() !== "" && !hasOVNProvider(value);
    return weak ? [textual("no-weakening-annotation", [annotation.key])] : [];
  });
}
