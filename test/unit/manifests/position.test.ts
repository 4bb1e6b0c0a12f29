import { expect, test } from "vitest";
import { parseManifest } from "../../../src/manifests/parse.ts";
import { createPositions, offsetOf, stepsOf } from "../../../src/manifests/position.ts";

test.each<[string, readonly string[]]>([
  ["", []],
  ["spec", ["spec"]],
  ["spec.ingress[0].from[12]", ["spec", "ingress", "0", "from", "12"]],
  [
    'metadata.annotations["k8s.ovn.org/acl-stateless"]',
    ["metadata", "annotations", "k8s.ovn.org/acl-stateless"],
  ],
  ['metadata.annotations["a\\"]b"].c', ["metadata", "annotations", 'a"]b', "c"]],
  ["metadata.labels[a.b/c]", ["metadata", "labels", "a.b/c"]],
])("the steps of %j", (path, steps) => {
  expect(stepsOf(path)).toEqual(steps);
});

async function place(text: string, path: string): Promise<string> {
  const { documents } = await parseManifest(text);
  const document = documents.at(-1);
  if (document === undefined) throw new Error("nothing to read");
  const offset = offsetOf(document.marked(), stepsOf(path), document.offset);
  const { line, column } = createPositions(text)(offset);
  return `${line}:${column}`;
}

const yaml = `# first
---
kind: NetworkPolicy
spec:
  ingress:
  - from:
    - podSelector: {}
    - {namespaceSelector: {matchLabels: {a: b}}}
    ports: []
`;

test.each([
  ["kind", "3:1"],
  ["spec.ingress", "5:3"],
  ["spec.ingress[0]", "6:5"],
  ["spec.ingress[0].from[0].podSelector", "7:7"],
  ["spec.ingress[0].from[1]", "8:7"],
  ["spec.ingress[0].from[1].namespaceSelector.matchLabels.a", "8:42"],
  // What is not there has the place of what it should be in.
  ["spec.ingress[0].from[1].podSelector", "8:7"],
  ["spec.ingress[7].from", "5:3"],
  ["spec.egress", "4:1"],
  ["spec.toString", "4:1"],
  ["metadata.name", "3:1"],
  ["", "3:1"],
])("%s is at %s, however it is read", async (path, expected) => {
  const slowly = yaml.replace("kind: NetworkPolicy", "kind: !!str NetworkPolicy");
  const windows = yaml.replaceAll("\n", "\r\n");
  expect([await place(yaml, path), await place(slowly, path), await place(windows, path)]).toEqual([
    expected,
    expected,
    expected,
  ]);
});

test.each([
  ["a", "1:2"],
  ["b[1]", "3:9"],
  ["b[1].c", "3:10"],
  ["b[2]", "2:3"],
])("in JSON %s is at %s", async (path, expected) => {
  expect(await place('{"a": 1,\n  "b":\n    [1, {"c": 2}]}', path)).toBe(expected);
});

test("what came through an alias or a merge key stands where it was written", async () => {
  const text = "x: &x\n  k: &k {z: 1}\nspec: *x\nm:\n  <<: *k\n";
  expect(await place(text, "spec.k.z")).toBe("2:10");
  expect(await place(text, "spec")).toBe("3:1");
  expect(await place(text, "m.z")).toBe("2:10");
});

test("offsets become lines and columns in any order, the end of the text included", () => {
  const at = createPositions("ab\n\r\nc");
  expect([6, 0, 2, 3, 5].map(at)).toEqual([
    { line: 3, column: 2 },
    { line: 1, column: 1 },
    { line: 1, column: 3 },
    { line: 2, column: 1 },
    { line: 3, column: 1 },
  ]);
});
