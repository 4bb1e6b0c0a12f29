/**
 * Label values as they were listed: a value may be there more than once. Lists of them can be very
 * long, and most are asked for a value or two: they are looked through at first, and indexed when
 * there are more questions. No list changes after it was read: its index is found by the list itself.
 */
export type LabelValues = readonly string[];

/** Indexing costs more than so many questions, and pays in no list of so few values. */
const few = 8;

type Memory = { questions: number; index: ReadonlySet<string> | undefined };

const memories = new WeakMap<LabelValues, Memory>();

/** True when the value is listed. */
export function has(values: LabelValues, value: string): boolean {
  return questioning(values, 1)(value);
}

/** Each value once, in the order of the list. */
export function distinct(values: LabelValues): readonly string[] {
  return values.length > 1 ? [...new Set(values)] : values;
}

/** Each value once, in alphabetical order. */
export function sorted(values: LabelValues): readonly string[] {
  if (values.length < 2) return values;
  return values.toSorted().filter((value, index, all) => value !== all[index - 1]);
}

/** The values that one of the two lists. */
export function either(a: LabelValues, b: LabelValues): LabelValues {
  const [short, long] = byLength(a, b);
  const others = without(short, long);
  return others.length === 0 ? long : [...long, ...others];
}

/** The values that both list. */
export function both(a: LabelValues, b: LabelValues): LabelValues {
  const [short, long] = byLength(a, b);
  return short.filter(questioning(long, short.length));
}

/** The values of `some` that `others` do not list. */
export function without(some: LabelValues, others: LabelValues): LabelValues {
  if (some.length === 0 || others.length === 0) return some;
  const isOther = questioning(others, some.length);
  return some.filter((value) => !isOther(value));
}

/** True when `wide` lists every value of `narrow`. */
export function includes(wide: LabelValues, narrow: LabelValues): boolean {
  // Two versions of a list mostly agree place by place.
  return narrow.every((value, index) => wide[index] === value || has(wide, value));
}

/** True when both list some value. */
export function overlap(a: LabelValues, b: LabelValues): boolean {
  const [short, long] = byLength(a, b);
  return short.some((value) => has(long, value));
}

/** Tells whether a value is listed, so many times. */
function questioning(values: LabelValues, questions: number): (value: string) => boolean {
  if (values.length <= few) return (value) => values.includes(value);
  const memory = memories.get(values) ?? { questions: 0, index: undefined };
  memories.set(values, memory);
  memory.questions += questions;
  if (memory.questions > few) memory.index ??= new Set(values);
  const { index } = memory;
  return (value) => index?.has(value) ?? values.includes(value);
}

function byLength(a: LabelValues, b: LabelValues): readonly [LabelValues, LabelValues] {
  return a.length < b.length ? [a, b] : [b, a];
}
