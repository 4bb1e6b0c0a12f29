import { expect, test } from "vitest";
import { everyRegisteredName } from "../../../src/registration/names.ts";
import type { RegisteredObject } from "../../../src/registration/object.ts";
import { registration } from "../../../src/registration/registration.ts";
import auditObjects from "./audit.json" with { type: "json" };
import enforceObjects from "./enforce.json" with { type: "json" };
import { audit, enforce } from "./options.ts";

function objects(registered: readonly RegisteredObject[]) {
  return registered.map(({ object }) => object);
}

function named(registered: readonly RegisteredObject[], kind: string, name: string) {
  const found = registered.filter(
    ({ object }) => object.kind === kind && object.metadata.name === name,
  );
  expect(found.length).toBe(1);
  return JSON.stringify(found[0]?.object);
}

function placeholder(name: string): string {
  return `@@${name}@@`;
}

test("the enforce profile with marking by policy registers exactly these objects", () => {
  expect(objects(registration(enforce))).toEqual(enforceObjects);
});

test("the audit profile with marking by webhook registers exactly these objects", () => {
  expect(objects(registration(audit))).toEqual(auditObjects);
});

test.for([["enforce", enforce] as const, ["audit", audit] as const])(
  "the output for %s is plain JSON, the same each time, byte for byte",
  ([, options]) => {
    const once = JSON.stringify(registration(options));
    const reversed = Object.fromEntries(Object.entries(options).toReversed());

    expect(JSON.stringify(registration({ ...options, ...reversed }))).toBe(once);
    expect(JSON.parse(once)).toEqual(registration(options));
  },
);

test("every object carries its reason as an annotation, one or two whole sentences", () => {
  for (const { reason, object } of [...registration(enforce), ...registration(audit)]) {
    expect(object.metadata.annotations).toEqual({ "ringfence.dev/reason": reason });
    expect(reason).toMatch(/^[A-Z].{40,}\.$/);
  }
});

test("all names that can be registered are known to whoever removes them, and no others", () => {
  const registered = [...registration(enforce), ...registration(audit)].map(
    ({ object }) => `${object.kind} ${object.metadata.name}`,
  );

  expect(new Set(everyRegisteredName.map(({ kind, name }) => `${kind} ${name}`))).toEqual(
    new Set(registered),
  );
});

test("each policy has its binding after it, so that a binding never points nowhere", () => {
  const seen = new Set<string>();
  for (const { object } of registration(enforce)) {
    const { kind, metadata, spec } = object;
    if (kind.endsWith("Policy")) seen.add(`${kind} ${metadata.name}`);
    if (!kind.endsWith("PolicyBinding")) continue;
    expect(spec).toHaveProperty("policyName");
    const { policyName } = JSON.parse(JSON.stringify(spec));
    expect(seen).toContain(`${kind.replace("Binding", "")} ${policyName}`);
  }
  expect(seen.size).toBe(4);
});

test("marking comes last, because a marked namespace needs everything else", () => {
  expect(
    registration(enforce)
      .slice(-2)
      .map(({ object }) => object.kind),
  ).toEqual(["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"]);
  expect(registration(audit).at(-1)?.object.metadata.name).toBe("ringfence-mutate");
});

test("a failure of ours can refuse NetworkPolicies in the enforce profile, and nothing else ever", () => {
  const policies = [...registration(enforce), ...registration(audit)].flatMap(({ object }) =>
    (object.webhooks ?? []).map((webhook) => JSON.parse(JSON.stringify(webhook))),
  );

  expect(policies.map(({ name, failurePolicy }) => [name, failurePolicy])).toEqual([
    ["validate.ringfence.dev", "Fail"],
    ["namespaces.ringfence.dev", "Ignore"],
    ["gate.ringfence.dev", "Ignore"],
    ["validate.ringfence.dev", "Ignore"],
    ["namespaces.ringfence.dev", "Ignore"],
    ["gate.ringfence.dev", "Ignore"],
    ["mutate.ringfence.dev", "Ignore"],
  ]);
});

test("placeholders arrive unchanged wherever a value is used", () => {
  const registered = registration({
    ...enforce,
    caBundle: placeholder("ca"),
    controller: placeholder("controller"),
    ownNamespace: placeholder("namespace"),
    excludedNamespaces: [placeholder("name"), `${placeholder("prefix")}*`],
    exemptNamespaces: [placeholder("exempt")],
    endpoint: { service: { namespace: placeholder("namespace"), name: placeholder("service") } },
  });

  const gate = named(
    registered,
    "ValidatingAdmissionPolicy",
    "ringfence-pods-wait-for-default-deny",
  );
  expect(gate).toContain('"@@namespace@@"]');
  expect(gate).toContain(
    String.raw`!(request.namespace in [\"@@name@@\"] || [\"@@prefix@@\"].exists(prefix, request.namespace.startsWith(prefix)))`,
  );
  const validate = named(registered, "ValidatingWebhookConfiguration", "ringfence-validate");
  expect(validate).toContain(
    '"clientConfig":{"service":{"namespace":"@@namespace@@","name":"@@service@@","path":"/v1/validate"},"caBundle":"@@ca@@"}',
  );
  expect(validate).toContain(String.raw`!(request.namespace in [\"@@exempt@@\"])`);
  expect(validate).toContain(
    String.raw`request.userInfo.?username.orValue(\"\") == \"@@controller@@\"`,
  );
});

test("a value cannot break out of its CEL string", () => {
  const registered = registration({ ...enforce, excludedNamespaces: ['a"] || true || "\\'] });

  const gate = named(
    registered,
    "ValidatingAdmissionPolicy",
    "ringfence-pods-wait-for-default-deny",
  );
  expect(gate).toContain(
    JSON.stringify(String.raw`!(request.namespace in ["a\"] || true || \"\\"])`),
  );
});
