export type Scalar = string | number | boolean | null;

const words: ReadonlyMap<string, boolean | null> = new Map([
  ...spellings(true, "y", "yes", "true", "on"),
  ...spellings(false, "n", "no", "false", "off"),
  ...spellings(null, "null"),
  ["~", null] as const,
  ["", null] as const,
]);

/**
 * What a plain scalar means to kubectl and to everything else that reads manifests with the YAML
 * library of Kubernetes: YAML 1.1 with `yes`, `on`, `y`, octal `010` and `1_000`, but with neither
 * sexagesimal numbers nor timestamps. Infinite and undefined numbers are NaN: JSON has none.
 */
export function resolvePlain(text: string): Scalar {
  const known = words.get(text);
  if (known !== undefined) return known;
  const first = text.charCodeAt(0);
  if (first === 0x2e) return readFraction(text);
  const isNumeric = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d;
  if (!isNumeric) return text;
  return readNumber(text.replaceAll("_", "")) ?? text;
}

/** The name of a mapping's key that may be no string; undefined where there can be none. */
export function spellKey(key: unknown): string | undefined {
  if (typeof key === "string" || typeof key === "boolean") return String(key);
  return typeof key === "number" && Number.isFinite(key) ? String(key) : undefined;
}

function readFraction(text: string): Scalar {
  if (/^\.(inf|Inf|INF|nan|NaN|NAN)$/.test(text)) return Number.NaN;
  const isNumber = /^\.[0-9][0-9_]*([eE][-+]?[0-9]+)?$/.test(text);
  return isNumber ? Number(text.replaceAll("_", "")) : text;
}

function readNumber(text: string): number | undefined {
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text)) return Number.NaN;
  const [, sign, digits = ""] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  const size = readInteger(digits) ?? readFloat(digits);
  if (size === undefined) return undefined;
  // No negative zero: JSON writes it as zero.
  return sign === "-" && size !== 0 ? -size : size;
}

function readInteger(digits: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(digits)) return Number(digits);
  if (/^0[bB][01]+$/.test(digits)) return Number(digits);
  if (/^0[oO]?[0-7]+$/.test(digits)) return Number.parseInt(digits.replace(/^0[oO]?/, ""), 8);
  return undefined;
}

/** Decimal numbers; those with leading zeros that are no octal ones too. */
function readFloat(digits: string): number | undefined {
  const isNumber = /^(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(digits);
  return isNumber ? Number(digits) : undefined;
}

function spellings<V>(value: V, ...names: readonly string[]): readonly (readonly [string, V])[] {
  return names.flatMap((name) => {
    const capital = name.charAt(0).toUpperCase() + name.slice(1);
    return [name, capital, name.toUpperCase()].map((word) => [word, value] as const);
  });
}
