import { expect, it } from "vitest";
import type { Namespace } from "../../../src/api/namespace.ts";
import type { ChangeListener } from "../../../src/kube/mirror.ts";
import { createNamespaceFacts } from "../../../src/wiring/namespacefacts.ts";

function namespace(name: string, labels?: { readonly [key: string]: string }): Namespace {
  return { metadata: { name, ...(labels && { labels }) } };
}

it("keeps the labels of the namespaces that there are", () => {
  const listeners: ChangeListener<Namespace>[] = [];
  const facts = createNamespaceFacts({
    list: () => [namespace("shop", { team: "a" }), namespace("pay")],
    subscribe: (listener) => {
      listeners.push(listener);
      return () => {};
    },
  });
  const name = "kubernetes.io/metadata.name";
  expect(facts).toEqual({
    complete: true,
    namespaces: new Map([
      [
        "shop",
        new Map([
          ["team", "a"],
          [name, "shop"],
        ]),
      ],
      ["pay", new Map([[name, "pay"]])],
    ]),
  });

  for (const listener of listeners) {
    listener({
      type: "modified",
      initial: false,
      key: "shop",
      object: namespace("shop", { team: "b" }),
    });
    listener({
      type: "added",
      initial: false,
      key: "new",
      object: namespace("new", { [name]: "forged" }),
    });
    listener({ type: "deleted", initial: false, key: "pay", object: namespace("pay") });
  }
  expect(facts.namespaces).toEqual(
    new Map([
      [
        "shop",
        new Map([
          ["team", "b"],
          [name, "shop"],
        ]),
      ],
      ["new", new Map([[name, "new"]])],
    ]),
  );
});
