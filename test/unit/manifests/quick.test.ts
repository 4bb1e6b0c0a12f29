import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ManifestDocument } from "../../../src/manifests/document.ts";
import { readQuickly } from "../../../src/manifests/quick.ts";
import { readYAML } from "../../../src/manifests/yaml.ts";

/** Values and the offsets of all their parts, in one comparable form. */
function flatten({ marked }: ManifestDocument): unknown {
  const { root, marks } = marked();
  const walk = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const places = marks.get(value);
    return Object.entries(value).map(([key, inner]) => [
      key,
      // An item that is nothing has no place of its own.
      Array.isArray(value) && inner === null
        ? undefined
        : places?.get(Array.isArray(value) ? Number(key) : key),
      walk(inner),
    ]);
  };
  return walk(root);
}

/** Reads a text in both ways; the slow one counts where it is not read quickly. */
function both(text: string): { readonly quick: unknown; readonly slow: unknown } {
  const quick = readQuickly(text, 0, text.length);
  if (quick === undefined) return { quick: "beyond", slow: "beyond" };
  const slow = readYAML(text, 0, text.length);
  const values = slow.documents.map((each) => ({ at: each.offset, value: flatten(each) }));
  const own = quick === "empty" ? [] : [{ at: quick.offset, value: flatten(quick) }];
  return {
    quick: own,
    slow: slow.unreadable.length > 0 ? slow.unreadable : values,
  };
}

const scalar = fc.constantFrom(
  ..."a,b.c/d,80,010,yes,~,null,,10.0.0.0/8,::/0,fe80::/10,-1,- x,a b,a: b,a:b,a #b,a#b,'x','','it''s',\"y\",\"\\n\"".split(
    ",",
  ),
  ..."{},[],[a],{a: b},{a: [b]},{a: },{a},[a: b],[a b],{a:b},[::1],[-1],|,>-,&x a,*x,!!str a,@a,%a,`a,a\\,b,+1,.5,.inf,<<,=,a:,? a".split(
    ",",
  ),
  "[a, b]",
  "{a: b, c: d}",
  "[a,b]",
  "[{a: b}, 'c', \"d\"]",
  "{a: b,}",
  "'a' b",
  "a  # c",
  "[a] # c",
  "[a]# c",
  "'a'# c",
  "'a': b",
  "a\tb",
  "a ",
  "é",
);
const key = fc.constantFrom(
  "a",
  "b",
  "c",
  "a",
  "'q'",
  '"r"',
  "yes",
  "1",
  "a b",
  "<<",
  "__proto__",
  "toString",
  "-",
  "? k",
  ".x",
  "a/b",
);

/** Lines as people write them, well indented for the most part. */
const line = fc
  .record({
    indent: fc.constantFrom(0, 0, 1, 2, 2, 3, 4, 4, 6),
    dashes: fc.constantFrom("", "", "", "- ", "- ", "- - ", "-   ", "-"),
    key: fc.option(key, { freq: 4 }),
    gap: fc.constantFrom(": ", ": ", ": ", ":", ":  ", " : "),
    value: fc.option(scalar, { freq: 2 }),
    end: fc.constantFrom("", "", "", "", " ", " # x", "#x"),
  })
  .map(({ indent, dashes, key: name, gap, value, end }) => {
    const entry = name === null ? (value ?? "") : `${name}${gap}${value ?? ""}`;
    return `${" ".repeat(indent)}${dashes}${entry}${end}`;
  });
const special = fc.constantFrom(
  "",
  "  ",
  "# x",
  "    # x",
  "...",
  "\ta: b",
  "%x",
  "key: |",
  "  text",
);
const text = fc
  .tuple(
    fc.array(fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: special }), {
      maxLength: 7,
    }),
    fc.constantFrom("\n", "\n", "\r\n"),
    fc.boolean(),
  )
  .map(([lines, feed, isEnded]) => lines.join(feed) + (isEnded ? feed : ""));

test("whatever is read quickly is read as the YAML library reads it, positions included", () => {
  fc.assert(
    fc.property(text, (written) => {
      const read = both(written);
      expect(read.quick).toEqual(read.slow);
    }),
    { numRuns: 5_000 },
  );
});

/** Structures written as everybody writes them. */
const tree: fc.Memo<string[]> = fc.memo((depth) => {
  const leaf = fc.constantFrom("x", "80", "TCP", "10.0.0.0/8", '"1"', "{}", "[]", "[a, b]", "null");
  const entry = fc.tuple(
    fc.boolean(),
    depth <= 1
      ? leaf.map((value) => [value])
      : fc.oneof(
          leaf.map((value) => [value]),
          tree(depth - 1),
        ),
  );
  return fc.array(entry, { minLength: 1, maxLength: 4 }).chain((entries) =>
    fc.boolean().map((isSequence) =>
      entries.flatMap(([isDeep, [first = "", ...rest]], index) => {
        if (isSequence) return [`- ${first}`, ...rest.map((inner) => `  ${inner}`)];
        if (rest.length === 0 && !/^(- |\w+: )/.test(first)) return [`k${index}: ${first}`];
        const indent = isDeep || !first.startsWith("- ") ? "  " : "";
        return [`k${index}:`, ...[first, ...rest].map((inner) => `${indent}${inner}`)];
      }),
    ),
  );
});

test("what everybody writes is read quickly", () => {
  fc.assert(
    fc.property(tree(4), (lines) => {
      const read = both(`${lines.join("\n")}\n`);
      expect(read.quick).not.toBe("beyond");
      expect(read.quick).toEqual(read.slow);
    }),
    { numRuns: 500 },
  );
});
