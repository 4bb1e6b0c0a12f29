import { expect, test } from "vitest";
import { parseManifest } from "../../../src/manifests/parse.ts";
import { read } from "./read.ts";

test.each<[string, string, readonly unknown[]]>([
  ["nothing", "", []],
  ["blank lines and comments", "\n# x\n---\n---\n  # y\n", []],
  ["one document", "a: 1\n", [{ a: 1 }]],
  [
    "documents with comments on their markers",
    "--- # one\na: 1\n---\t\nb: 2\n--- \n",
    [{ a: 1 }, { b: 2 }],
  ],
  ["a value in the line of the marker", "--- {a: 1}\n--- |\n x\n", [{ a: 1 }, "x\n"]],
  ["a marker that is none", "a: b\n---c: d\n", [{ a: "b", "---c": "d" }]],
  ["a document that was ended", "a: 1\n...\n---\nb: 2\n", [{ a: 1 }, { b: 2 }]],
  ["a directive", "%YAML 1.1\n---\na: 010\n", [{ a: 8 }]],
  [
    "Windows line ends",
    "a: 1\r\nb:\r\n  - x\r\n---\r\nc: 'd'\r\n",
    [{ a: 1, b: ["x"] }, { c: "d" }],
  ],
  ["a tab before a value", "a: \t1\n", [{ a: 1 }]],
  ["an ended text without line feed", "a:\n  b: c", [{ a: { b: "c" } }]],
  ["a byte order mark", "\ufeffa: 1\n---\n\ufeffb: 2\n", [{ a: 1 }, { b: 2 }]],
  [
    "null in all its forms",
    "a:\nb: ~\nc: null\nd:\n- \n-\n",
    [{ a: null, b: null, c: null, d: [null, null] }],
  ],
  [
    "sequences as far left as their key",
    "a:\n- b: 1\n  c:\n  - d\n- e\nf: g\n",
    [{ a: [{ b: 1, c: ["d"] }, "e"], f: "g" }],
  ],
  ["sequences in sequences", "- - a\n  - b\n-   - c\n", [[["a", "b"], ["c"]]]],
  ["flow collections", 'a: {b: [c, 1], "d": {}}\ne: [ ]\n', [{ a: { b: ["c", 1], d: {} }, e: [] }]],
  ["flow collections over lines", "a: {b: c,\n  d}\n", [{ a: { b: "c", d: null } }]],
  [
    "quoted numbers",
    "a: '1'\nb: \"yes\"\nc: 'it''s'\nd: \"\\u0041\"\n",
    [{ a: "1", b: "yes", c: "it's", d: "A" }],
  ],
  ["quotes in plain text", "a: it's\nb: x\"y\n", [{ a: "it's", b: 'x"y' }]],
  ["comments and hashes", "a: b#c # d\ne: 'f # g' # h\n", [{ a: "b#c", e: "f # g" }]],
  ["colons in plain text", "a: b:c\nd: ::/0\n", [{ a: "b:c", d: "::/0" }]],
  ["plain text over lines", "a: b\n  c\nd: e\n", [{ a: "b c", d: "e" }]],
  ["block scalars", "a: |\n  b: c\n  ---\nd: >-\n  e\n  f\n", [{ a: "b: c\n---\n", d: "e f" }]],
  ["explicit keys", "? a\n: b\n", [{ a: "b" }]],
  ["keys that are no text", "yes: 1\n0x10: 2\n'yes': 3\n", [{ true: 1, 16: 2, yes: 3 }]],
  [
    "anchors and aliases",
    "a: &x {b: 1}\nc: *x\nd: &x 2\ne: *x\n",
    [{ a: { b: 1 }, c: { b: 1 }, d: 2, e: 2 }],
  ],
  [
    "merge keys",
    "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n",
    [{ a: { b: 1, c: 2 }, d: { b: 1, c: 3 } }],
  ],
  [
    "several sources of a merge key, the first of which counts",
    "a: {<<: [{b: 1}, {b: 2, c: 3}]}\n",
    [{ a: { b: 1, c: 3 } }],
  ],
  ["a merge key in quotes, which is none", "'<<': {a: 1}\n", [{ "<<": { a: 1 } }]],
  ["tags for texts", "a: !!str 80\nb: !!map {c: !!seq []}\n", [{ a: "80", b: { c: [] } }]],
  [
    "JSON",
    '{"a": [1, -2.5e1, "\\u00e9\\/", true, null, {}, []]}',
    [{ a: [1, -25, "é/", true, null, {}, []] }],
  ],
  ["JSON values in a row", '{"a": 1}{"b": 2}\n[3]\n', [{ a: 1 }, { b: 2 }, [3]]],
  ["JSON between markers", '{"a": 1}\n---\n{"b": 2}\n', [{ a: 1 }, { b: 2 }]],
  ["JSON with a comma that only YAML allows", '{"a": 1,}', [{ a: 1 }]],
  ["YAML that begins like JSON", "{a: b, c: 'd'}\n", [{ a: "b", c: "d" }]],
])("reads %s", async (_, text, values) => {
  expect(await read(text)).toEqual(values);
});

test.each<[string, string, string]>([
  ["a key that is said twice", "a:\n  b: 1\n  b: 2\n", 'says "b" twice'],
  ["two keys with one name", "1: a\n0x1: b\n", 'says "1" twice'],
  ["a key that is said twice in JSON", '{"a": 1, "a": 2}', 'says "a" twice'],
  ["two keys of JSON that differ in spelling", '{"a": 1, "\\u0061": 2}', 'says "a" twice'],
  ["tabs as indentation", "a:\n\tb: 1\n", "is not valid YAML: Tabs are not allowed as indentation"],
  ["an unknown anchor", "a: *b\n", 'has no anchor "b"'],
  ["a key that is null", "~: a\n", "has a key that is no text"],
  ["a key that is a mapping", "? {a: b}\n: c\n", "has a key that is no text"],
  ["infinite numbers", "a: .inf\n", "is a number that JSON does not have"],
  ["infinite numbers of JSON", '{"a": 1e999}', "is a number too large to be read"],
  [
    "a tag that changes the meaning",
    "a: !!int '80'\n",
    "has the tag tag:yaml.org,2002:int, which is not read here",
  ],
  [
    "a merge that readers disagree on",
    "a: 1\n<<: {a: 2}\n",
    'merges "a" after it was said: readers disagree on which holds',
  ],
  ["a merge of a list", "<<: [1]\n", "merges something that is no mapping"],
  ["a value that contains itself", "a: &x [*x]\n", 'contains itself through "*x"'],
  ["JSON that ends early", '{"a": [1, 2', "ends where ',' or ']' is expected"],
  ["JSON with two commas", '{"a": 1,,}', "is no JSON: a string is expected"],
  [
    "two merge keys",
    "<<: {a: 1}\n<<: {a: 2}\n",
    "has two merge keys: readers disagree on which counts",
  ],
])("does not read %s", async (_, text, message) => {
  const { documents, unreadable } = await parseManifest(text);
  expect(documents).toEqual([]);
  expect(unreadable.map((each) => each.message)).toEqual([message]);
});

test("a document that cannot be read hides neither the ones before nor the ones behind it", async () => {
  expect(await read("a: 1\n---\nb: [\n---\nc: *x\n---\nd: 4\n")).toEqual([
    { a: 1 },
    { d: 4 },
    expect.stringMatching(/^1\d: is not valid YAML/),
    '21: has no anchor "x"',
  ]);
});

test("aliases that multiply each other are no way to exhaust memory", async () => {
  const lines = Array.from({ length: 20 }, (_, index) => {
    const items = index === 0 ? "x" : Array.from({ length: 10 }, () => `*a${index - 1}`).join(", ");
    return `a${index}: &a${index} [${items}]\n`;
  });
  const { documents, unreadable } = await parseManifest(lines.join(""));
  expect(documents).toEqual([]);
  expect(unreadable.map(({ message }) => message)).toEqual(["grows too large through aliases"]);
});

test.each(["[", '{"a":', "- ", "{a: "])(
  "%j twenty thousand times over is an error",
  async (part) => {
    const { documents, unreadable } = await parseManifest(part.repeat(20_000));
    expect(documents).toEqual([]);
    expect(unreadable).toHaveLength(1);
  },
);

test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
  "%s is a key like any other",
  async (key) => {
    const expected = JSON.parse(`{"a": {"${key}": {"b": 1}}}`);
    for (const text of [
      `a:\n  ${key}:\n    b: 1\n`,
      `a: {${key}: {b: 1}}\n`,
      `{"a":{"${key}":{"b":1}}}`,
    ]) {
      const [value] = await read(text);
      expect(JSON.stringify(value)).toBe(JSON.stringify(expected));
    }
    expect(({} as { b?: unknown }).b).toBeUndefined();
  },
);

test("texts of many megabytes are read", async () => {
  const long = "x".repeat(6_000_000);
  expect(await read(`{"a": "${long}"}`)).toEqual([{ a: long }]);
  expect(await read(`a: ${long}\n`)).toEqual([{ a: long }]);
  expect(await read("---\na: 1\n".repeat(100_000))).toHaveLength(100_000);
});
