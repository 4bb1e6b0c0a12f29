import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { lintTexts } from "./linting.ts";
import { anyPolicy } from "./policyobject.ts";

/** One object as it may stand in a file, and the lines that it takes. */
const spelt = fc
  .tuple(anyPolicy, fc.constantFrom("yaml", "flow", "json", "list", "wide"))
  .map(([value, form]) => {
    if (form === "json") return `${JSON.stringify(value)}\n`;
    if (form === "wide") return `${JSON.stringify(value, null, 2)}\n`;
    if (form === "flow") return stringify(value, { collectionStyle: "flow" });
    if (form === "yaml") return stringify(value);
    return stringify({ apiVersion: "v1", kind: "List", items: [value] });
  });

test("every finding stands in the document of its object, at a character that is there", async () => {
  let findings = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(spelt, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (texts, isWindows) => {
        const text = texts.join("---\n");
        const whole = isWindows ? text.replaceAll("\n", "\r\n") : text;
        const report = await lintTexts([whole], { level: "restricted" });
        expect(report.summary.judged).toBe(texts.length);
        const lines = whole.split("\n");
        const ends = texts.map((_, index) => {
          const before = texts.slice(0, index + 1).join("---\n");
          return before.split("\n").length - 1;
        });
        for (const [index, one] of texts.entries()) {
          const alone = await lintTexts([one], { level: "restricted" });
          const first = index === 0 ? 0 : (ends[index - 1] ?? 0) + 1;
          const shifted = alone.findings.map(({ rule, path, line, column, severity }) => {
            findings++;
            // Inside of the document, at something that is no space.
            expect(line).toBeLessThanOrEqual((ends[index] ?? 0) - first);
            expect(lines[first + line - 1]?.[column - 1]).toMatch(/[^\s:,}\]]/);
            return { severity, place: `${rule} ${path} ${first + line}:${column}` };
          });
          // Hints depend on the other policies of the namespace.
          const verdicts = shifted.filter(({ severity }) => severity !== "hint");
          const inside = report.findings.filter(
            ({ line, severity }) =>
              severity !== "hint" && line > first && line <= (ends[index] ?? 0),
          );
          expect(
            inside.map((each) => `${each.rule} ${each.path} ${each.line}:${each.column}`),
          ).toEqual(verdicts.map(({ place }) => place));
        }
      },
    ),
    { numRuns: 150 },
  );
  expect(findings).toBeGreaterThan(100);
});
