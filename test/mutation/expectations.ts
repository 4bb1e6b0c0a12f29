/** A test as the file that holds it defines it; run without the test runner. */
export type Test = { readonly name: string; readonly run: () => unknown };

/** Every test of the files that were read so far. */
export const collected: Test[] = [];

// Stands in for the test runner's module: the few words of it that these tests use. It looks no
// closer than the runner does, so that what fails here fails there.

/** Remembers a test. */
export function test(name: string, run: () => unknown): void {
  collected.push({ name: `${collected.length} ${name}`, run });
}

/** Reads the tests of a group. */
export function describe(_name: string, read: () => void): void {
  read();
}

test.each =
  (rows: readonly unknown[]) =>
  (name: string, run: (...values: unknown[]) => unknown): void => {
    for (const row of rows) test(name, () => run(...(Array.isArray(row) ? row : [row])));
  };

describe.each =
  (rows: readonly unknown[]) =>
  (_name: string, read: (...values: unknown[]) => void): void => {
    for (const row of rows) read(...(Array.isArray(row) ? row : [row]));
  };

export { test as it };

const anything = Symbol("anything");

/** What is expected of a value. */
export function expect(value: unknown) {
  const expected = {
    toBe: (other: unknown) => check(Object.is(value, other)),
    toBeUndefined: () => check(value === undefined),
    toBeDefined: () => check(value !== undefined),
    toEqual: (other: unknown) => check(isAlike(value, other)),
    toMatchObject: (other: unknown) => check(isWithin(other, value)),
    toMatch: (pattern: RegExp) => check(typeof value === "string" && pattern.test(value)),
    toHaveLength: (length: number) => check(Object(value).length === length),
    toContain: (part: unknown) =>
      check(typeof value === "string" ? value.includes(String(part)) : has(value, part)),
    toBeGreaterThan: (other: number) => check(Number(value) > other),
    toBeLessThan: (other: number) => check(Number(value) < other),
    toThrow: (error: Error | string) => check(thrownBy(value)?.includes(messageOf(error)) === true),
  };
  const not = {
    toEqual: (other: unknown) => check(!isAlike(value, other)),
    toThrow: () => check(thrownBy(value) === undefined),
  };
  return { ...expected, not };
}

expect.anything = () => anything;

function check(isSo: boolean): void {
  if (!isSo) throw new Error("not as expected");
}

function has(list: unknown, part: unknown): boolean {
  return Array.isArray(list) && list.includes(part);
}

function thrownBy(call: unknown): string | undefined {
  try {
    if (typeof call === "function") call();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether all that the one has is in the other. */
function isWithin(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || one === null) return isAlike(one, other);
  if (typeof other !== "object" || other === null) return false;
  const theirs = entriesOf(other);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    (!Array.isArray(one) || one.length === theirs.size) &&
    [...entriesOf(one)].every(([key, part]) => isWithin(part, theirs.get(key)))
  );
}

/** Alike: the same in all that is not undefined. */
function isAlike(one: unknown, other: unknown): boolean {
  if (other === anything) return one !== undefined && one !== null;
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  if (one instanceof Set && other instanceof Set) {
    return one.size === other.size && one.isSubsetOf(other);
  }
  const [mine, theirs] = [entriesOf(one), entriesOf(other)];
  return (
    mine.size === theirs.size &&
    [...mine].every(([key, part]) => theirs.has(key) && isAlike(part, theirs.get(key)))
  );
}

function entriesOf(value: object): ReadonlyMap<unknown, unknown> {
  if (value instanceof Map) return value;
  const all = Object.entries(value);
  return new Map(Array.isArray(value) ? all : all.filter(([, part]) => part !== undefined));
}
