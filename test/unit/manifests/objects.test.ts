import { expect, test } from "vitest";
import { objectsOf } from "../../../src/manifests/objects.ts";
import { parseManifest } from "../../../src/manifests/parse.ts";

/** Each object as `place kind apiVersion`, or why it is none. */
async function objects(text: string): Promise<readonly string[]> {
  const { documents } = await parseManifest(text);
  return documents.flatMap(objectsOf).map((each) => {
    const place = each.at.join(".");
    return "reason" in each
      ? `${place} ${each.reason}`
      : `${place} ${each.kind} ${each.apiVersion}`;
  });
}

test.each<[string, string, readonly string[]]>([
  ["an object", "{apiVersion: v1, kind: Pod}", [" Pod v1"]],
  [
    "a list",
    "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod}, {kind: Pod}]}",
    ["items.0 Pod v1", "items.1 has no apiVersion and kind: not a Kubernetes object"],
  ],
  ["an empty list", "{apiVersion: v1, kind: List, items: []}", []],
  ["a list without items", "{apiVersion: v1, kind: PodList}", []],
  [
    "a typed list, whose items need no kind",
    "{apiVersion: a/v1, kind: PodList, items: [{}, {kind: Job, apiVersion: b/v1}]}",
    ["items.0 Pod a/v1", "items.1 Job b/v1"],
  ],
  [
    "lists in lists",
    "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: PodList, items: [{}]}]}",
    ["items.0.items.0 Pod v1"],
  ],
  [
    "a kind that only sounds like a list",
    "{apiVersion: v1, kind: WishList, items: {a: b}}",
    [" WishList v1"],
  ],
  ["values", "{replicas: 1}", [" has no apiVersion and kind: not a Kubernetes object"]],
  [
    "a kind without version",
    "{kind: Pod}",
    [" has no apiVersion and kind: not a Kubernetes object"],
  ],
  [
    "a kind that is no text",
    "{apiVersion: v1, kind: {}}",
    [" has no apiVersion and kind: not a Kubernetes object"],
  ],
  ["a text", "x", [" is a string, no object"]],
  ["a sequence", "[{apiVersion: v1, kind: Pod}]", [" is a list, no object"]],
  [
    "an item that is null",
    "{apiVersion: v1, kind: List, items: [null]}",
    ["items.0 is null, no object"],
  ],
])("%s", async (_, text, expected) => {
  expect(await objects(text)).toEqual(expected);
});

test("a list that contains itself a hundred times over comes to an end", async () => {
  const deep = '{"apiVersion":"v1","kind":"List","items":['.repeat(60) + "]}".repeat(60);
  expect(await objects(deep)).toEqual([`${"items.0.".repeat(11).slice(0, -1)} List v1`]);
});
