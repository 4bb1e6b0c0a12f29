import { expect, test } from "vitest";
import { explain } from "../../../src/cli/commands/explain.ts";
import { pages } from "../../../src/cli/pages.generated.ts";
import { suggest } from "../../../src/config/suggest.ts";
import { rules } from "../../../src/rules/index.ts";
import { warnings } from "../../../src/warnings/index.ts";

const deps = {
  rules: [
    { id: "no-strings", level: "restricted", rank: 5, summary: "Strings are refused." },
    { id: "no-anyone", level: "baseline", rank: 1, summary: "Everyone is refused." },
  ],
  warnings: [{ id: "wide-string", summary: "A string is wide." }],
  pages: new Map([["no-anyone", "# no-anyone\n\nThe page.\n"]]),
  suggest,
};

test("the page of a rule is printed as it stands", () => {
  const page = { stdout: "# no-anyone\n\nThe page.\n", stderr: "", code: 0 };
  expect(explain("no-anyone", deps)).toEqual(page);
});

test("a rule without a page is told in one sentence", () => {
  expect(explain("no-strings", deps).stdout).toBe(
    "# no-strings\n\nStrings are refused.\n\nLevel: restricted.\n",
  );
});

test("without a rule all are listed by level, one line each", () => {
  expect(explain(undefined, deps)).toEqual({
    stdout: `every level
  valid-object      The API server would refuse the object.

baseline
  no-anyone         Everyone is refused.

restricted
  no-strings        Strings are refused.

warning
  unreadable-label  A label of a namespace has a value that means nothing.
  wide-string       A string is wide.
  too-complex       A policy is too complex to look for every warning.

The page of one: ringfence explain ID
`,
    stderr: "",
    code: 0,
  });
});

test("a misspelt rule is an error that names the one that was meant", () => {
  expect(explain("no-anyon", deps)).toEqual({
    stdout: "",
    stderr:
      'There is no rule or warning "no-anyon". Did you mean no-anyone?\nAll of them: ringfence explain\n',
    code: 2,
  });
});

test("a misspelt warning, too", () => {
  expect(explain("wide-strings", deps).stderr).toBe(
    'There is no rule or warning "wide-strings". Did you mean wide-string?\nAll of them: ringfence explain\n',
  );
});

test("a warning without a page says that it is one", () => {
  expect(explain("wide-string", deps).stdout).toBe(
    "# wide-string\n\nA string is wide.\n\nLevel: warning.\n",
  );
});

test.each(["", "zzzzzzzz", "constructor", "__proto__"])("%j is no rule and like none", (id) => {
  expect(explain(id, deps)).toMatchObject({
    stderr: `There is no rule or warning ${JSON.stringify(id)}.\nAll of them: ringfence explain\n`,
    code: 2,
  });
});

test("every rule and every warning of the standard has a page", () => {
  const silent = [...rules, ...warnings].filter(
    ({ id }) => !explain(id, { rules, warnings, pages, suggest }).stdout.startsWith(`# ${id}\n`),
  );
  expect(silent).toEqual([]);
});
