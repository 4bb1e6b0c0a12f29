import type { Invalid } from "./invalid.ts";
import { quote } from "./quote.ts";

/** Where a value stands: its path, and the names by which the server's decoder calls that place. */
export type Spot = {
  readonly path: string;
  /** The type whose field it is. */
  readonly owner: string;
  /** The fields that lead to it, without positions in lists; empty for the whole object. */
  readonly field: string;
};

/** What a decoder finds. */
export type Found = {
  /** A value of the wrong type; one that `stops` ends the server's decoding there and then. */
  readonly mistyped: (Invalid & { readonly stops: boolean })[];
  readonly unknown: Invalid[];
};

/** How one type of the API is read from JSON. */
export type Schema<T> = {
  /** The name that the server's messages give to the type. */
  readonly type: string;
  /** The value that null stands for in a list or a map. */
  readonly zero: T;
  /** Reads a value that is not null; one of a wrong type is reported and read as zero. */
  readonly read: (value: unknown, spot: Spot, found: Found) => T;
};

export type Decoded<S> = S extends Schema<infer T> ? T : never;

/** An object of the API: the fields that are there and not null. */
export type Fields<F> = { readonly [K in keyof F]?: Decoded<F[K]> };

/** A type with these fields and no others. */
export function object<const F extends { readonly [field: string]: Schema<unknown> }>(
  name: string,
  fields: F,
  type = `v1.${name}`,
): Schema<Fields<F>> {
  const known = new Map<string, Schema<unknown>>(Object.entries(fields));
  return {
    type,
    zero: {},
    read: (value, spot, found) => {
      if (jsonType(value) !== "object") return mistyped(value, type, spot, found, {});
      const entries: [string, unknown][] = [];
      for (const [key, part] of Object.entries(Object(value))) {
        const path = spot.path === "" ? key : `${spot.path}.${key}`;
        const schema = known.get(key);
        if (part === undefined) continue;
        if (schema === undefined) {
          found.unknown.push({ path, message: `unknown field ${quote(path)}` });
        } else if (part !== null) {
          const field = spot.field === "" ? key : `${spot.field}.${key}`;
          entries.push([key, schema.read(part, { path, owner: name, field }, found)]);
        }
      }
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each entry was read by the schema of its field
      return Object.fromEntries(entries) as Fields<F>;
    },
  };
}

/** A list of one type. */
export function list<T>(item: Schema<T>): Schema<readonly T[]> {
  const type = `[]${item.type}`;
  return {
    type,
    zero: [],
    read: (value, spot, found) => {
      if (!Array.isArray(value)) return mistyped(value, type, spot, found, []);
      return Array.from(value, (part: unknown, index) =>
        isNull(part)
          ? item.zero
          : item.read(part, { ...spot, path: `${spot.path}[${index}]` }, found),
      );
    },
  };
}

/** A map from strings to strings; the server names the map, not the key, when a value is wrong. */
export const textMap: Schema<ReadonlyMap<string, string>> = {
  type: "map[string]string",
  zero: new Map(),
  read: (value, spot, found) => {
    if (jsonType(value) !== "object") {
      return mistyped(value, "map[string]string", spot, found, new Map());
    }
    return new Map(
      Object.entries(Object(value))
        .filter(([, part]) => part !== undefined)
        .map(([key, part]) => [
          key.toWellFormed(),
          part === null ? "" : text().read(part, spot, found),
        ]),
    );
  },
};

/** A string, or a named type that is one. */
export function text(type = "string"): Schema<string> {
  return {
    type,
    zero: "",
    read: (value, spot, found) =>
      typeof value === "string" ? value.toWellFormed() : mistyped(value, type, spot, found, ""),
  };
}

export const flag: Schema<boolean> = {
  type: "bool",
  zero: false,
  read: (value, spot, found) =>
    typeof value === "boolean" ? value : mistyped(value, "bool", spot, found, false),
};

/** Anything at all: a value that is stored as it is. */
export const anything: Schema<unknown> = { type: "v1.FieldsV1", zero: {}, read: (value) => value };

/** Reports that the value is not of the type, and gives what stands in its place. */
export function mistyped<T>(
  value: unknown,
  type: string,
  { path, owner, field }: Spot,
  found: Found,
  zero: T,
  stops = false,
): T {
  const written = type.startsWith("int") && jsonType(value) === "number" ? ` ${String(value)}` : "";
  const place = field === "" ? "value" : `struct field ${owner}.${field}`;
  const message = `json: cannot unmarshal ${jsonType(value)}${written} into Go ${place} of type ${type}`;
  found.mistyped.push({ path, message, stops });
  return zero;
}

function isNull(value: unknown): boolean {
  return value === null || value === undefined;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value === "bigint" ? "number" : typeof value;
}
