import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { compile, type Compiled } from "../netpol/compile.ts";

// One request is judged by each mode of its namespace, an update in two ways: the object is the same.
const known = new WeakMap<object, { readonly namespace: string; readonly compiled: Compiled }>();

/** `compile`, once per object: wire objects are never changed. */
export function compileOnce(networkPolicy: NetworkPolicy, namespace: string): Compiled {
  const key: unknown = networkPolicy;
  if (typeof key !== "object" || key === null) return compile(networkPolicy, namespace);
  const last = known.get(key);
  if (last?.namespace === namespace) return last.compiled;
  const compiled = compile(networkPolicy, namespace);
  known.set(key, { namespace, compiled });
  return compiled;
}
