const shortEscapes: ReadonlyMap<string, string> = new Map([
  ["\u0007", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ["\\", "\\\\"],
  ['"', '\\"'],
]);

/** Letters, marks, numbers, punctuation, symbols and the plain space. */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** The text in double quotes as Go's `%q` writes it, which the API's messages are made with. */
export function quote(text: string): string {
  // Half a surrogate pair never arrives: the server's JSON reader replaces it.
  return `"${Array.from(text.toWellFormed(), escape).join("")}"`;
}

function escape(character: string): string {
  const short = shortEscapes.get(character);
  if (short !== undefined) return short;
  if (printable.test(character)) return character;
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x20 || point === 0x7f) return `\\x${hex(point, 2)}`;
  return point < 0x10000 ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`;
}

/** The text in double quotes as Go's `time` writes it: what is not plain ASCII, byte by byte. */
export function quoteBytes(text: string): string {
  return `"${Array.from(new TextEncoder().encode(text), escapeByte).join("")}"`;
}

function escapeByte(byte: number): string {
  if (byte < 0x20 || byte >= 0x80) return `\\x${hex(byte, 2)}`;
  const character = String.fromCharCode(byte);
  return character === '"' || character === "\\" ? `\\${character}` : character;
}

/** A value as Go writes it in JSON: what could be markup is escaped. */
export function jsonOf(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "string" ? part.toWellFormed() : part,
  );
  return text.replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${hex(character.charCodeAt(0), 4)}`,
  );
}

/** Bytes of the text in UTF-8, the unit of the API's limits. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) bytes += 1;
    else if (point < 0x800) bytes += 2;
    // Half a surrogate pair becomes U+FFFD, which has three bytes too.
    else bytes += point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function hex(point: number, digits: number): string {
  return point.toString(16).padStart(digits, "0");
}
