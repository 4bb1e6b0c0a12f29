import { describe, expect, test } from "vitest";
import { pages } from "../../../src/cli/pages.generated.ts";
import { lintTexts } from "./linting.ts";

const examples = ["valid-object", "unreadable-label"].flatMap((id) =>
  (pages.get(id) ?? "")
    .matchAll(/^```yaml (pass|fail)\n(.*?)^```/gms)
    .map(([, verdict = "", text = ""]) => ({ id, verdict, text }))
    .toArray(),
);

describe("the examples of the pages", () => {
  test.each(examples)("of $id: $verdict", async ({ id, verdict, text }) => {
    const { findings } = await lintTexts([text], { level: "restricted" });
    const rules = findings.map(({ rule }) => rule);
    expect(rules).toEqual(verdict === "fail" ? [id] : []);
  });

  test("are there, good and bad ones", () => {
    expect(examples.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      "valid-object fail",
      "valid-object pass",
      "unreadable-label fail",
      "unreadable-label pass",
    ]);
  });
});
