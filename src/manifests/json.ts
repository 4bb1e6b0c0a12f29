import { addEntry, type ManifestDocument, mark, type Marks } from "./document.ts";
import { UnreadableError } from "./unreadable.ts";

/** Deeper than any object of the API. */
const maxDepth = 200;

/** The text, how far it has been read, and where to note positions. */
type Cursor = {
  readonly text: string;
  readonly end: number;
  readonly marks: Marks | undefined;
  offset: number;
};

/** Reads the JSON values between two offsets, one after the other; throws an UnreadableError. */
export function readJSON(text: string, start: number, end: number): readonly ManifestDocument[] {
  const documents: ManifestDocument[] = [];
  const cursor: Cursor = { text, end, marks: undefined, offset: start };
  skipSpace(cursor);
  while (cursor.offset < end) {
    const { offset } = cursor;
    const value = readValue(cursor, 0);
    documents.push({
      value,
      offset,
      end: cursor.offset,
      marked() {
        const marks: Marks = new Map();
        return { root: readValue({ text, end, marks, offset }, 0), marks };
      },
    });
    skipSpace(cursor);
  }
  return documents;
}

function readValue(cursor: Cursor, depth: number): unknown {
  if (depth > maxDepth) throw new UnreadableError("is nested too deeply", cursor.offset);
  const first = cursor.text[cursor.offset];
  if (first === "{") return readObject(cursor, depth);
  if (first === "[") return readArray(cursor, depth);
  return first === '"' ? readString(cursor) : readLiteral(cursor);
}

function readObject(cursor: Cursor, depth: number): object {
  const object = {};
  cursor.offset++;
  skipSpace(cursor);
  if (take(cursor, "}")) return object;
  do {
    skipSpace(cursor);
    const at = cursor.offset;
    const key = readString(cursor);
    if (Object.hasOwn(object, key)) {
      throw new UnreadableError(`says ${JSON.stringify(key)} twice`, at);
    }
    skipSpace(cursor);
    if (!take(cursor, ":")) fail(cursor, "':'");
    skipSpace(cursor);
    mark(cursor.marks, object, key, at);
    addEntry(object, key, readValue(cursor, depth + 1));
    skipSpace(cursor);
  } while (take(cursor, ","));
  if (!take(cursor, "}")) fail(cursor, "',' or '}'");
  return object;
}

function readArray(cursor: Cursor, depth: number): readonly unknown[] {
  const array: unknown[] = [];
  cursor.offset++;
  skipSpace(cursor);
  if (take(cursor, "]")) return array;
  do {
    skipSpace(cursor);
    mark(cursor.marks, array, array.length, cursor.offset);
    array.push(readValue(cursor, depth + 1));
    skipSpace(cursor);
  } while (take(cursor, ","));
  if (!take(cursor, "]")) fail(cursor, "',' or ']'");
  return array;
}

const stringToken =
  // oxlint-disable-next-line no-control-regex -- JSON strings have none
  /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const literalToken = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;

function readString(cursor: Cursor): string {
  const token = readToken(cursor, stringToken, "a string");
  return token.includes("\\") ? String(JSON.parse(token)) : token.slice(1, -1);
}

function readLiteral(cursor: Cursor): unknown {
  const at = cursor.offset;
  const value: unknown = JSON.parse(readToken(cursor, literalToken, "a value"));
  if (value === Infinity || value === -Infinity) {
    throw new UnreadableError("is a number too large to be read", at);
  }
  return value;
}

function readToken(cursor: Cursor, token: RegExp, what: string): string {
  token.lastIndex = cursor.offset;
  const [found] = token.exec(cursor.text) ?? [];
  if (found === undefined) return fail(cursor, what);
  cursor.offset += found.length;
  return found;
}

function take(cursor: Cursor, character: string): boolean {
  if (cursor.offset >= cursor.end || cursor.text[cursor.offset] !== character) return false;
  cursor.offset++;
  return true;
}

function skipSpace(cursor: Cursor): void {
  const { text, end } = cursor;
  while (cursor.offset < end && " \n\r\t".includes(text.charAt(cursor.offset))) cursor.offset++;
}

function fail({ offset, end }: Cursor, what: string): never {
  const where = offset >= end ? "ends where" : "is no JSON:";
  throw new UnreadableError(`${where} ${what} is expected`, offset);
}
