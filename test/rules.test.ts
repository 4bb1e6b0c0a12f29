import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import type { NetworkPolicy } from "../src/api/networkpolicy.ts";
import type { Finding } from "../src/engine/finding.ts";
import { rules } from "../src/rules/index.ts";
import { jsonPatch } from "./support/fakeapiserver/patching.ts";
import { brokenPromises, findingsOf } from "./support/patched.ts";
import { judgeFixture, readFixture, withParameters } from "./support/rulefixture.ts";

const root = new URL("../", import.meta.url).pathname;

/** Rules about spelling and form; every other one proves its finding by traffic that gets through. */
const withoutWitness = new Set([
  "no-ambiguous-address",
  "no-weakening-annotation",
  "no-dead-rules",
  "require-canonical-address",
]);

describe.each(rules)("$id", (rule) => {
  const folder = `${root}src/rules/${rule.id}`;
  const cases = globSync(`${folder}/fixtures/*/*.yaml`)
    .toSorted()
    .map((file) => ({
      name: file.slice(`${folder}/fixtures/`.length),
      isFail: file.startsWith(`${folder}/fixtures/fail/`),
      fixture: readFixture(file, rule),
    }));

  test("has fixtures of both verdicts", () => {
    const verdicts = new Set(cases.map(({ name }) => name.replace(basename(name), "")));
    expect([...verdicts].toSorted()).toEqual(["fail/", "pass/"]);
  });

  test.each(cases)("$name: $fixture.title", ({ fixture, isFail }) => {
    const { findings, notes, unjudged } = judgeFixture(fixture, fixture.networkPolicy);
    const own = findings.filter((finding) => finding.rule === rule.id);
    const others = findings.filter((finding) => finding.rule !== rule.id);

    expect(unjudged).toBeUndefined();
    expect(own.map(({ path, message }) => `${path} ${message}`)).toEqual(fixture.expect);
    expect(others.map(({ rule: id, path }) => `${id} ${path}`)).toEqual(fixture.also);
    expect(notes).toEqual(fixture.notes);
    expect(own.length > 0).toBe(isFail);
  });

  const failing = cases.filter(({ isFail }) => isFail);

  test.each(failing)("$name: says what, where, why and what to do", ({ fixture }) => {
    for (const finding of ownFindings(fixture)) {
      expect(finding.path).toMatch(/^(spec|metadata)\./);
      expect(finding.message).toMatch(/^\S.*[^.\s]$/);
      expect(finding.why).toMatch(/^[A-Z].*[^.\s]\.$/);
      expect(finding.fix).toMatch(/^[A-Z].*[^.\s]\.$/);
      expect(finding.witness === undefined).toBe(withoutWitness.has(rule.id));
      expect(finding.witness ?? "none").toMatch(/^\S.*[^.\s]$/);
    }
  });

  test.each(failing)("$name: a patch takes its finding away", ({ fixture }) => {
    const own = ownFindings(fixture);
    for (const { patch } of own) {
      if (patch === undefined) continue;
      const patched = judgeFixture(fixture, jsonPatch(fixture.networkPolicy, patch));
      expect(patched.unjudged).toBeUndefined();
      const left = patched.findings.filter((finding) => finding.rule === rule.id);
      expect(left.length).toBeLessThan(own.length);
    }
  });

  test.each(failing)("$name: patches of all findings keep their promises", ({ fixture }) => {
    for (const level of ["baseline", "restricted"] as const) {
      const { networkPolicy, parameters } = fixture;
      const namespace = networkPolicy.metadata?.namespace ?? "default";
      const judged = { networkPolicy, namespace, parameters, level };
      for (const finding of findingsOf(judged)) {
        if (finding.patch === undefined) continue;
        expect(brokenPromises(judged, finding, finding.patch)).toEqual([]);
      }
    }
  });

  function ownFindings(fixture: (typeof cases)[number]["fixture"]): readonly Finding[] {
    const { findings } = judgeFixture(fixture, fixture.networkPolicy);
    return findings.filter((finding) => finding.rule === rule.id);
  }

  const page = readFileSync(`${folder}/README.md`, "utf8");
  const examples = [...page.matchAll(/^```yaml (fail|pass)\n(.*?)^```$/gms)].map(
    ([, verdict, text = ""], index) => ({ name: `${index + 1} (${verdict})`, verdict, text }),
  );

  test("its page shows what is refused and what is accepted", () => {
    expect(examples.some(({ verdict }) => verdict === "fail")).toBe(true);
    expect(examples.some(({ verdict }) => verdict === "pass")).toBe(true);
  });

  test.each(examples)("example $name of its page is judged as it says", ({ verdict, text }) => {
    const networkPolicy: NetworkPolicy = parse(text);
    const how = { level: rule.level, parameters: withParameters({}), before: undefined };
    const { findings, unjudged } = judgeFixture(how, networkPolicy);
    const ids = [...new Set(findings.map((finding) => finding.rule))];

    expect(unjudged).toBeUndefined();
    expect(networkPolicy.kind).toBe("NetworkPolicy");
    expect(ids).toEqual(verdict === "fail" ? [rule.id] : []);
  });
});
