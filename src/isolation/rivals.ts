import { fieldManager } from "../api/names.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";

/** Names are of the writers' own choosing; more than a few say nothing more. */
const namesAtMost = 5;

/**
 * Field managers beside Ringfence in what is stored. It is a hint at who has changed it: a manager
 * is a program, and names itself.
 */
export function rivalsOf(policy: NetworkPolicy | undefined): readonly string[] {
  const managers = (policy?.metadata?.managedFields ?? []).map(({ manager = "" }) => manager);
  const others = managers.filter((manager) => manager !== "" && manager !== fieldManager);
  return [...new Set(others)].slice(0, namesAtMost);
}
