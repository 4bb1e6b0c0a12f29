import type { Adviser, Surroundings, Warned } from "../engine/advise.ts";
import type { NamespacePolicy } from "../engine/namespacepolicy.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";

/** What is told beside the verdict. */
export type Advised = {
  readonly warned: readonly Warned[];
  /** A defect met while looking for warnings: there are none then, and the verdict stands. */
  readonly defect?: unknown;
};

/** Looks for warnings, unless the namespace wants to hear nothing. */
export function adviseUser(
  networkPolicy: NetworkPolicy,
  around: Surroundings,
  { warn }: NamespacePolicy,
  advise: Adviser,
): Advised {
  if (warn.level === "privileged") return { warned: [] };
  try {
    return { warned: advise(networkPolicy, around) };
  } catch (defect) {
    return { warned: [], defect };
  }
}

/** One line for each warning; where the fix does not fit, it says where to find it. */
export function describeAdvice(
  warned: readonly Warned[],
  maxCharacters: number,
): readonly string[] {
  return warned.map(({ warning, path, message, fix }) => {
    const problem = `${warning} at ${path}: ${message}.`;
    const whole = `${problem} Fix: ${fix}`;
    return whole.length <= maxCharacters ? whole : `${problem} See: ringfence explain ${warning}`;
  });
}
