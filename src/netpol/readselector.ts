import type { Domain } from "./domain.ts";
import { both, type LabelValues, without } from "./labelvalues.ts";
import { type Selector, selectorOf } from "./selector.ts";
import { below, isFields, type Place, readFields, readList, readString, report } from "./wire.ts";

/** What is left of one key while its requirements are read one after the other. */
type Draft = {
  absent: boolean;
  listed: LabelValues | undefined;
  readonly excluded: string[];
};

const fieldsOfRequirement = ["key", "operator", "values"];

type Drafts = Map<string, Draft>;

/** Reads a label selector; missing, null and empty ones select everything. */
export function readSelector(value: unknown, place: Place): Selector {
  const fields = readFields(value, place, ["matchLabels", "matchExpressions"]);
  const drafts: Drafts = new Map();
  readLabels(fields["matchLabels"], below(place, "matchLabels"), drafts);
  const expressions = below(place, "matchExpressions");
  let index = 0;
  for (const item of readList(fields["matchExpressions"], expressions)) {
    readRequirement(item, below(expressions, index), drafts);
    index += 1;
  }
  return selectorOf(drafts.entries().map(([key, draft]) => [key, finish(draft)]));
}

function readLabels(value: unknown, place: Place, drafts: Drafts): void {
  if (value === undefined || value === null) return;
  if (!isFields(value)) return report(place, "must be a map of labels");
  for (const [key, text] of Object.entries(value)) {
    // The API server reads a null value as the empty string.
    const label = text === null ? "" : readString(text, place, key);
    if (label !== undefined) require(draftOf(drafts, key), [label]);
  }
}

function readRequirement(value: unknown, place: Place, drafts: Drafts): void {
  const fields = readFields(value, place, fieldsOfRequirement);
  const key = readString(fields["key"], place, "key");
  const operator = fields["operator"];
  const values = readValues(fields["values"], below(place, "values"));
  if (key === undefined || values === undefined) return;
  const draft = draftOf(drafts, key);
  const listing = operator === "In" || operator === "NotIn";
  if (!listing && operator !== "Exists" && operator !== "DoesNotExist") {
    return report(
      below(place, "operator"),
      `is ${quote(operator)}, an operator this version does not know`,
    );
  }
  if (listing !== values.length > 0) {
    return report(
      below(place, "values"),
      `must ${listing ? "not be" : "be"} empty with ${operator}`,
    );
  }
  if (operator === "In") require(draft, values);
  else if (operator === "Exists") draft.absent = false;
  else if (operator === "DoesNotExist") draft.listed = [];
  else for (const text of values) draft.excluded.push(text);
}

function readValues(value: unknown, place: Place): readonly string[] | undefined {
  const values = readList(value, place);
  if (values.every((item) => typeof item === "string")) return values;
  for (const [index, item] of values.entries()) readString(item, place, index);
  return undefined;
}

function draftOf(drafts: Drafts, key: string): Draft {
  const draft = drafts.get(key) ?? { absent: true, listed: undefined, excluded: [] };
  drafts.set(key, draft);
  return draft;
}

/** The label has to be there with one of these values. */
function require(draft: Draft, values: readonly string[]): void {
  const listed = labelValues(values);
  draft.absent = false;
  draft.listed = draft.listed === undefined ? listed : both(draft.listed, listed);
}

function finish({ absent: isAbsent, listed, excluded }: Draft): Domain {
  const left = labelValues(excluded);
  return listed === undefined
    ? { absent: isAbsent, complement: true, values: left }
    : { absent: isAbsent, complement: false, values: without(listed, left) };
}

function labelValues(texts: readonly string[]): LabelValues {
  return texts.every(isLabelValue) ? texts : texts.filter(isLabelValue);
}

/** Only such a value can stand on a real object: requiring another one selects nothing. */
function isLabelValue(text: string): boolean {
  if (text === "") return true;
  return text.length <= 63 && /^[A-Za-z0-9]$|^[A-Za-z0-9][-A-Za-z0-9_.]*[A-Za-z0-9]$/.test(text);
}

function quote(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 64)) : "not a string";
}
