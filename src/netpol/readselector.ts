import { absent, type Domain, intersectAll, isAnything, noneOf, oneOf, present } from "./domain.ts";
import type { LabelValues } from "./labelvalues.ts";
import { type Selector, selectorOf } from "./selector.ts";
import { below, isFields, type Place, readFields, readList, readString, report } from "./wire.ts";

/** What is read of a selector: what each key may be, and all that was asked of keys named more than once. */
type Draft = { readonly keys: Map<string, Domain>; repeated: Map<string, Domain[]> | undefined };

type Operator = "In" | "NotIn" | "Exists" | "DoesNotExist";

const fieldsOfRequirement = ["key", "operator", "values"];

/** Reads a label selector; missing, null and empty ones select everything. */
export function readSelector(value: unknown, place: Place): Selector {
  const fields = readFields(value, place, ["matchLabels", "matchExpressions"]);
  const draft: Draft = { keys: new Map(), repeated: undefined };
  readLabels(fields["matchLabels"], below(place, "matchLabels"), draft);
  const expressions = below(place, "matchExpressions");
  let index = 0;
  for (const item of readList(fields["matchExpressions"], expressions)) {
    readRequirement(item, below(expressions, index), draft);
    index += 1;
  }
  for (const [key, domains] of draft.repeated ?? []) draft.keys.set(key, intersectAll(domains));
  return selectorOf(draft.keys);
}

function readLabels(value: unknown, place: Place, draft: Draft): void {
  if (value === undefined || value === null) return;
  if (!isFields(value)) return report(place, "must be a map of labels");
  for (const [key, text] of Object.entries(value)) {
    // The API server reads a null value as the empty string.
    const label = text === null ? "" : readString(text, place, key);
    if (label !== undefined) restrict(draft, key, oneOf(labelValues([label])));
  }
}

function readRequirement(value: unknown, place: Place, draft: Draft): void {
  const fields = readFields(value, place, fieldsOfRequirement);
  const key = readString(fields["key"], place, "key");
  const operator = fields["operator"];
  const values = readValues(fields["values"], below(place, "values"));
  if (key === undefined || values === undefined) return;
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
  restrict(draft, key, domainOf(operator, labelValues(values)));
}

function domainOf(operator: Operator, values: LabelValues): Domain {
  if (operator === "In") return oneOf(values);
  if (operator === "NotIn") return noneOf(values);
  return operator === "Exists" ? present : absent;
}

function readValues(value: unknown, place: Place): readonly string[] | undefined {
  const values = readList(value, place);
  if (values.every((item) => typeof item === "string")) return values;
  for (const [index, item] of values.entries()) readString(item, place, index);
  return undefined;
}

function restrict(draft: Draft, key: string, domain: Domain): void {
  if (isAnything(domain)) return;
  const earlier = draft.keys.get(key);
  if (earlier === undefined) {
    draft.keys.set(key, domain);
    return;
  }
  draft.repeated ??= new Map();
  const domains = draft.repeated.get(key) ?? [earlier];
  domains.push(domain);
  draft.repeated.set(key, domains);
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
