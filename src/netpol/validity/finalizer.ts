import { eachInvalid, type Invalid, invalidJSON, invalidValue } from "./invalid.ts";
import { wrongInKey } from "./label.ts";
import type { Dialect } from "./minor.ts";

const orphan = "orphan";
const foreground = "foregroundDeletion";
const withoutDomain = new Set(["kubernetes", orphan, foreground]);

/** The finalizers of an object: keys with a domain, or one of the three standard names. */
export function validateFinalizers(
  finalizers: readonly string[],
  path: string,
  dialect: Dialect,
): readonly Invalid[] {
  const clash = `finalizer ${orphan} and ${foreground} cannot be both set`;
  const unnamed = "name is neither a standard finalizer name nor is it fully qualified";
  return [
    ...finalizers.flatMap((name) => eachInvalid(path, name, wrongInKey(name, dialect))),
    ...(finalizers.includes(orphan) && finalizers.includes(foreground)
      ? [invalidJSON(path, finalizers, clash)]
      : []),
    ...finalizers.flatMap((name, index) =>
      name.includes("/") || withoutDomain.has(name)
        ? []
        : [invalidValue(`${path}[${index}]`, name, unnamed)],
    ),
  ];
}
