import { mistyped, type Schema } from "./schema.ts";

/** A whole number of 32 or 64 bits. */
export function integer(bits: 32 | 64): Schema<number> {
  const type = `int${bits}`;
  return {
    type,
    zero: 0,
    read: (value, spot, found) =>
      isInteger(value, bits) ? Number(value) : mistyped(value, type, spot, found, 0),
  };
}

/** A number or a string: the port of a rule. */
export const integerOrText: Schema<number | string> = {
  type: "intstr.IntOrString",
  zero: 0,
  read: (value, spot, found) => {
    if (typeof value === "string") return value.toWellFormed();
    return isInteger(value, 32) ? Number(value) : mistyped(value, "int32", spot, found, 0, true);
  },
};

function isInteger(value: unknown, bits: 32 | 64): value is number | bigint {
  if (typeof value === "number") return Number.isInteger(value) && fits(BigInt(value), bits);
  return typeof value === "bigint" && fits(value, bits);
}

function fits(value: bigint, bits: 32 | 64): boolean {
  return BigInt.asIntN(bits, value) === value;
}
