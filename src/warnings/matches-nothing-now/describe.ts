import type { Domain } from "../../netpol/domain.ts";
import { distinct } from "../../netpol/labelvalues.ts";
import type { Selector } from "../../netpol/selector.ts";
import { listSome } from "../../rules/describe.ts";

/** A selector as kubectl writes it: `team=a, tier in (b, c), !old`. */
export function describeSelector({ keys }: Selector): string {
  if (keys.size === 0) return "every label";
  return listSome([...keys].map(([key, domain]) => describeKey(key, domain)));
}

function describeKey(key: string, { absent, complement, values }: Domain): string {
  const listed = distinct(values);
  const list = `(${listSome(listed)})`;
  if (complement) {
    if (listed.length > 0) return `${key} notin ${list}`;
    return key;
  }
  if (absent) return `!${key}`;
  return listed.length === 1 ? `${key}=${listed[0] ?? ""}` : `${key} in ${list}`;
}
