import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { NetworkPolicy } from "../../../src/api/networkpolicy.ts";
import { createAdviser } from "../../../src/engine/advise.ts";
import { defaultParameters } from "../../../src/rules/defaults.ts";
import type { Inspected, Warning } from "../../../src/warnings/warning.ts";

const policy = (name: string, spec: NetworkPolicy["spec"] = {}): NetworkPolicy => ({
  metadata: { name },
  spec,
});

/** Runs these warnings alone. */
function adviseBy(...warnings: readonly Warning[]) {
  return createAdviser(defaultParameters, { all: warnings });
}

function warning(id: string, inspect: Warning["inspect"]): Warning {
  return { id, summary: `About ${id}.`, inspect };
}

const said = (path: string) => ({ path, message: "is odd", fix: "Mend it." });

/** What a warning is shown. */
function look(networkPolicy: NetworkPolicy, neighbours?: readonly NetworkPolicy[]): Inspected {
  const seen: Inspected[] = [];
  const spy = warning("spy", (inspected) => {
    seen.push(inspected);
    return [];
  });
  adviseBy(spy)(networkPolicy, { namespace: "shop", neighbours });
  const [inspected] = seen;
  if (inspected === undefined) throw new Error("nothing was inspected");
  return inspected;
}

const pathsOf = (spec: NetworkPolicy["spec"]) =>
  look(policy("web", spec)).rules.map(({ path }) => path);
const namesOf = ({ neighbours }: Inspected) => neighbours?.map(({ name }) => name);

test("warnings come in the order of their list, each with what it is about", () => {
  const advise = adviseBy(
    warning("b", () => [said("spec.x"), said("spec.y")]),
    warning("a", () => [said("spec.z")]),
  );
  expect(advise(policy("web"), { namespace: "shop" })).toEqual([
    { warning: "b", why: "About b.", path: "spec.x", message: "is odd", fix: "Mend it." },
    { warning: "b", why: "About b.", path: "spec.y", message: "is odd", fix: "Mend it." },
    { warning: "a", why: "About a.", path: "spec.z", message: "is odd", fix: "Mend it." },
  ]);
});

test("a policy that cannot be read is not inspected", () => {
  const advise = adviseBy(warning("a", () => [said("spec.x")]));
  const odd = policy("web", { policyTypes: ["Sideways"] });
  expect(advise(odd, { namespace: "shop" })).toEqual([]);
});

test("what is cut short is left out, and said", () => {
  const advise = adviseBy(
    warning("a", () => [said("spec.x")]),
    warning("b", ({ meter }) => (meter.spend(1_000_000) ? [] : [said("spec.y")])),
    warning("c", () => [said("spec.z")]),
  );
  const warned = advise(policy("web"), { namespace: "shop" });
  expect(warned.map(({ warning: id, path, message }) => `${id} ${path} ${message}`)).toEqual([
    "a spec.x is odd",
    "too-complex spec is too complex to look for every warning",
  ]);
});

test("whoever is in a hurry gets fewer warnings of a large policy", () => {
  const costly = warning("a", ({ meter }) => (meter.spend(100) ? [said("spec.x")] : []));
  const [least, enough] = [99, 100].map((steps) =>
    createAdviser(defaultParameters, { all: [costly], steps })(policy("web"), {
      namespace: "shop",
    }),
  );
  expect(least).toMatchObject([{ warning: "too-complex" }]);
  expect(enough).toMatchObject([{ warning: "a" }]);
});

test("only rules that take effect are shown", () => {
  const rules = { ingress: [{}], egress: [{}] };
  expect(pathsOf({ ...rules, policyTypes: ["Egress"] })).toEqual(["spec.egress[0]"]);
  expect(pathsOf(rules)).toEqual(["spec.ingress[0]", "spec.egress[0]"]);
  const nobody = { matchExpressions: [{ key: "a", operator: "In", values: ["*"] }] };
  expect(pathsOf({ ...rules, podSelector: nobody })).toEqual([]);
});

test("neighbours are the others: neither the policy itself nor its stored version", () => {
  const web = policy("web");
  expect(namesOf(look(web, [web, policy("a"), policy("web"), policy("b")]))).toEqual(["a", "b"]);
  const nameless: NetworkPolicy = { metadata: { generateName: "web-" } };
  expect(namesOf(look(nameless, [nameless, { ...nameless }]))).toEqual([""]);
});

test("neighbours are unknown where nobody knows them or one of them cannot be read", () => {
  expect(namesOf(look(policy("web")))).toBeUndefined();
  const odd = policy("odd", { policyTypes: ["Sideways"] });
  expect(namesOf(look(policy("web"), [policy("a"), odd]))).toBeUndefined();
  // An odd stored version is about to be replaced.
  expect(namesOf(look(policy("odd"), [policy("a"), odd]))).toEqual(["a"]);
});

test("whatever an object holds is answered", () => {
  const advise = createAdviser(defaultParameters);
  const json = fc.jsonValue();
  const anyPolicy = fc.record(
    {
      metadata: fc.oneof(json, fc.record({ name: json, annotations: json })),
      spec: fc.oneof(
        json,
        fc.record(
          { podSelector: json, policyTypes: json, ingress: fc.array(json), egress: json },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(anyPolicy, (written) => {
      const networkPolicy: NetworkPolicy = JSON.parse(JSON.stringify(written));
      expect(Array.isArray(advise(networkPolicy, { namespace: "shop" }))).toBe(true);
    }),
  );
});
