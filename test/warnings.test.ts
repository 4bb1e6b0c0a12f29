import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";

import { compile } from "../src/netpol/compile.ts";
import { warnings } from "../src/warnings/index.ts";
import {
  adviseFixture,
  parseWarningFixture,
  readWarningFixture,
} from "./support/warningfixture.ts";

const root = new URL("../", import.meta.url).pathname;

describe.each(warnings)("$id", ({ id }) => {
  const folder = `${root}src/warnings/${id}`;
  const cases = globSync(`${folder}/fixtures/*/*.yaml`)
    .toSorted()
    .map((file) => ({
      name: file.slice(`${folder}/fixtures/`.length),
      isFail: file.startsWith(`${folder}/fixtures/fail/`),
      fixture: readWarningFixture(file),
    }));

  test("has fixtures that it warns of, and others", () => {
    const verdicts = new Set(cases.map(({ name }) => name.replace(basename(name), "")));
    expect([...verdicts].toSorted()).toEqual(["fail/", "pass/"]);
  });

  test.each(cases)("$name: $fixture.title", ({ fixture, isFail }) => {
    const warned = adviseFixture(fixture);
    const own = warned.filter(({ warning }) => warning === id);
    const others = warned.filter(({ warning }) => warning !== id);

    expect(compile(fixture.networkPolicy, "default")).toHaveProperty("model");
    expect(own.map(({ path, message }) => `${path} ${message}`)).toEqual(fixture.expect);
    expect(others.map(({ warning, path }) => `${warning} ${path}`)).toEqual(fixture.also);
    expect(own.length > 0).toBe(isFail);
  });

  const failing = cases.filter(({ isFail }) => isFail);

  test.each(failing)("$name: says what, where and what to do", ({ fixture }) => {
    for (const { path, message, why, fix } of adviseFixture(fixture)) {
      expect(path).toMatch(/^(spec|metadata)\./);
      expect(message).toMatch(/^\S.*[^.\s]$/);
      expect(why).toMatch(/^[A-Z].*[^.\s]\.$/);
      expect(fix).toMatch(/^[A-Z].*[^.\s]\.$/);
    }
  });

  const page = readFileSync(`${folder}/README.md`, "utf8");
  const examples = [...page.matchAll(/^```yaml (fail|pass)\n(.*?)^```$/gms)].map(
    ([, verdict, text = ""], index) => ({ name: `${index + 1} (${verdict})`, verdict, text }),
  );

  test("its page shows what it warns of and what it does not", () => {
    expect(examples.some(({ verdict }) => verdict === "fail")).toBe(true);
    expect(examples.some(({ verdict }) => verdict === "pass")).toBe(true);
  });

  test.each(examples)("example $name of its page is as it says", ({ verdict, text }) => {
    const fixture = parseWarningFixture(text, "README.md");
    const ids = [...new Set(adviseFixture(fixture).map(({ warning }) => warning))];

    expect(compile(fixture.networkPolicy, "default")).toHaveProperty("model");
    expect(fixture.networkPolicy.kind).toBe("NetworkPolicy");
    expect(ids).toEqual(verdict === "fail" ? [id] : []);
  });
});
