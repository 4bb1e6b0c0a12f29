import { stripVTControlCharacters } from "node:util";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { renderJSON } from "../../../src/cli/formats/lintjson.ts";
import { lintSchema } from "../../../src/cli/formats/lintschema.ts";
import { renderText } from "../../../src/cli/formats/linttext.ts";
import { createStyle } from "../../../src/cli/formats/style.ts";
import { lintTexts, policy } from "./linting.ts";
import { everything } from "./report.ts";

const plain = createStyle(false);
const matches = new Ajv({ strict: true, strictRequired: false }).compile(lintSchema);

test("people read findings by file, with proof and fix, and a summary", () => {
  expect(renderText(everything, plain)).toBe(`shop.yaml:7:5  error  no-anyone  everyone gets in
  in     NetworkPolicy shop/web at spec.ingress[0]
  why    A wildcard.
  proof  a pod gets in
  fix    Name them.
shop.yaml:20:5  not judged  is too complex
  in     NetworkPolicy shop/web at spec
shop.yaml:7:5  note  ranges are unknown

namespace.yaml:3:1  warning  unreadable-label  says \\u{1b}[31mred\\u{7} and more
  in     Namespace shop
  why    An error.
  fix    Correct it.

missing.yaml  not judged  does not exist

not evaluated:
  Pod (v1): shop.yaml:40:5 and 1 more
  is a list, no object: values.yaml:1:1

2 NetworkPolicies judged in 3 files, 1 error, 1 warning, 2 could not be judged, 3 not evaluated
`);
});

test("colours are there for who sees them, and change nothing else", () => {
  const coloured = renderText(everything, createStyle(true));
  expect(coloured).toContain("\u001b[31merror\u001b[39m  \u001b[1mno-anyone\u001b[22m");
  expect(stripVTControlCharacters(coloured)).toBe(renderText(everything, plain));
});

test("nothing found is one line", async () => {
  const report = await lintTexts([policy("a", "shop", "  policyTypes: [Ingress]")]);
  expect(renderText(report, plain)).toBe("1 NetworkPolicy judged in 1 file, no errors\n");
});

test("programs read JSON that the schema describes", async () => {
  expect(JSON.parse(renderJSON(everything))).toEqual(everything);
  expect(matches(everything) || matches.errors).toBe(true);
  const real = await lintTexts([
    policy("a", "shop", "  ingress: [{}, {from: [{namespaceSelector: {}}]}]\n  x: y"),
    policy("b", "", "  egress: [{to: [{ipBlock: {cidr: 169.254.169.254/32}}]}]"),
    "a: [",
    "kind: Pod",
  ]);
  expect(matches(real) || matches.errors).toBe(true);
  expect(matches({ ...everything, more: 1 })).toBe(false);
});
