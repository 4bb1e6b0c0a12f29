import { mark, type Marks } from "./document.ts";
import { resolvePlain, type Scalar } from "./scalar.ts";

/** Thrown where text leaves the part of YAML that is read quickly. */
export const beyond: unique symbol = Symbol("beyond what is read quickly");

/** What one line holds from `offset` on: the position moves as it is read. */
export type Cursor = {
  readonly text: string;
  readonly marks: Marks | undefined;
  offset: number;
  /** Where the line ends. */
  end: number;
};

const space = 0x20;
const colon = 0x3a;
const hash = 0x23;

/** Reads a value that begins and ends on this line, comment included. */
export function readInline(cursor: Cursor): unknown {
  const first = cursor.text[cursor.offset];
  const isEnclosed = first === '"' || first === "'" || first === "[" || first === "{";
  if (!isEnclosed) return readPlain(cursor);
  const value = readFlow(cursor, 0);
  expectEnd(cursor);
  return value;
}

/** Where the text of a key ends, when there is one at this place; the colon follows it. */
export function findKeyEnd({ text, offset, end }: Cursor): number | undefined {
  let at = offset;
  if (text[at] === '"' || text[at] === "'") {
    at = closing(text, at, end) + 1;
  } else {
    if (!isKeyStart(text.charCodeAt(at))) return undefined;
    while (at < end && isWord(text.charCodeAt(at))) at++;
  }
  if (text.charCodeAt(at) !== colon) return undefined;
  return at + 1 === end || text.charCodeAt(at + 1) === space ? at : undefined;
}

/** The name of the key between two offsets. */
export function readKey(text: string, from: number, to: number): string {
  const first = text[from];
  const isQuoted = first === '"' || first === "'";
  const key = isQuoted ? text.slice(from + 1, to - 1) : resolvePlain(text.slice(from, to));
  // Longer ones are no keys to YAML where they stand on one line with their value.
  if (typeof key !== "string" || key.length > 1000) throw beyond;
  return key;
}

/** Adds a key once. What every object inherits, `toString` say, may not be assignable. */
export function enter(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key in object) throw beyond;
  object[key] = value;
}

/** True when nothing or a comment follows; moves over the spaces before it. */
export function atEnd(cursor: Cursor): boolean {
  const { text, offset, end } = cursor;
  skipSpaces(cursor);
  if (cursor.offset === end) return true;
  return text.charCodeAt(cursor.offset) === hash && cursor.offset > offset;
}

function expectEnd(cursor: Cursor): void {
  if (!atEnd(cursor)) throw beyond;
}

function readPlain(cursor: Cursor): Scalar {
  const { text, offset, end } = cursor;
  if (!isPlainStart(text, offset, end)) throw beyond;
  let at = offset;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === colon && (at + 1 === end || text.charCodeAt(at + 1) === space)) throw beyond;
    if (code === hash && text.charCodeAt(at - 1) === space) break;
  }
  return finite(resolvePlain(text.slice(offset, at).trimEnd()));
}

function readFlow(cursor: Cursor, depth: number): unknown {
  if (depth > 20) throw beyond;
  const { text, offset, end } = cursor;
  const first = text[offset];
  if (first === "[") return readSequence(cursor, depth);
  if (first === "{") return readMapping(cursor, depth);
  if (first === '"' || first === "'") {
    cursor.offset = closing(text, offset, end) + 1;
    return text.slice(offset + 1, cursor.offset - 1);
  }
  if (!isKeyStart(text.charCodeAt(offset))) throw beyond;
  while (cursor.offset < end && isWord(text.charCodeAt(cursor.offset))) cursor.offset++;
  return finite(resolvePlain(text.slice(offset, cursor.offset)));
}

function readSequence(cursor: Cursor, depth: number): readonly unknown[] {
  const list: unknown[] = [];
  do {
    cursor.offset++;
    skipSpaces(cursor);
    if (list.length === 0 && cursor.text[cursor.offset] === "]") break;
    mark(cursor.marks, list, list.length, cursor.offset);
    list.push(readFlow(cursor, depth + 1));
  } while (isMore(cursor, "]"));
  cursor.offset++;
  return list;
}

function readMapping(cursor: Cursor, depth: number): object {
  const object: Record<string, unknown> = {};
  for (let isFirst = true; isFirst || isMore(cursor, "}"); isFirst = false) {
    cursor.offset++;
    skipSpaces(cursor);
    const start = cursor.offset;
    if (isFirst && cursor.text[start] === "}") break;
    const end = findKeyEnd(cursor);
    if (end === undefined) throw beyond;
    const key = readKey(cursor.text, start, end);
    cursor.offset = end + 1;
    skipSpaces(cursor);
    mark(cursor.marks, object, key, start);
    enter(object, key, readFlow(cursor, depth + 1));
  }
  cursor.offset++;
  return object;
}

/** True at a comma, false at the end of the collection. */
function isMore(cursor: Cursor, last: string): boolean {
  skipSpaces(cursor);
  const next = cursor.offset < cursor.end ? cursor.text[cursor.offset] : undefined;
  if (next === last) return false;
  if (next === ",") return true;
  throw beyond;
}

/** Where a quoted text ends that has neither escapes nor doubled quotes. */
function closing(text: string, start: number, end: number): number {
  const quote = text.charAt(start);
  const at = text.indexOf(quote, start + 1);
  if (at < 0 || at >= end) throw beyond;
  const hasEscapes = quote === '"' ? text.slice(start, at).includes("\\") : text[at + 1] === quote;
  if (hasEscapes) throw beyond;
  return at;
}

function skipSpaces(cursor: Cursor): void {
  while (cursor.offset < cursor.end && cursor.text.charCodeAt(cursor.offset) === space) {
    cursor.offset++;
  }
}

function finite(value: Scalar): Scalar {
  if (typeof value === "number" && !Number.isFinite(value)) throw beyond;
  return value;
}

const keyStart = /[A-Za-z0-9_./]/;
const word = /[A-Za-z0-9_./-]/;
const isKeyStart = tableOf(keyStart);
const isWord = tableOf(word);
/** What begins a plain scalar and nothing else. */
const isSafeStart = tableOf(/[A-Za-z0-9_./+(~]/);

function isPlainStart(text: string, offset: number, end: number): boolean {
  const code = text.charCodeAt(offset);
  if (isSafeStart(code)) return true;
  // A minus or colon begins a scalar when something follows it at once.
  const isSign = code === 0x2d || code === colon;
  return isSign && offset + 1 < end && text.charCodeAt(offset + 1) !== space;
}

function tableOf(pattern: RegExp): (code: number) => boolean {
  const table = Array.from({ length: 128 }, (_, code) => pattern.test(String.fromCharCode(code)));
  return (code) => code < 128 && table[code] === true;
}
