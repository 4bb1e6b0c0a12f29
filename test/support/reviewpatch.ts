type Operation = { readonly op: string; readonly path: string; readonly value?: unknown };

/**
 * Applies a JSON patch (RFC 6902) of `add`, `replace` and `remove` to objects, as strictly as the API
 * server does: a parent that is missing is an error. Returns a copy.
 */
export function applyPatch(document: unknown, patch: readonly Operation[]): unknown {
  // `structuredClone` and JSON both keep a key `__proto__` an own one; assignment would not.
  let root: unknown = JSON.parse(JSON.stringify(document));
  for (const { op, path, value } of patch) {
    const keys = path
      .split("/")
      .slice(1)
      .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = keys.pop();
    if (last === undefined) {
      root = value;
      continue;
    }
    let parent = root;
    for (const key of keys) parent = member(parent, key);
    change(parent, op, last, value);
  }
  return root;
}

function member(parent: unknown, key: string): unknown {
  if (typeof parent !== "object" || parent === null || !Object.hasOwn(parent, key)) {
    throw new Error(`there is no ${key}`);
  }
  return Object.getOwnPropertyDescriptor(parent, key)?.value;
}

function change(parent: unknown, op: string, key: string, value: unknown): void {
  if (typeof parent !== "object" || parent === null || Array.isArray(parent)) {
    throw new Error(`the parent of ${key} is not an object`);
  }
  if (op === "add" || (op === "replace" && Object.hasOwn(parent, key))) {
    Object.defineProperty(parent, key, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  } else if (op === "remove" && Object.hasOwn(parent, key)) Reflect.deleteProperty(parent, key);
  else throw new Error(`cannot ${op} ${key}`);
}
