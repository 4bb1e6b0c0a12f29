import { expect, test } from "vitest";
import { cacheAnchor } from "../../../src/registration/cacheanchor.ts";
import { everyRegisteredName, names } from "../../../src/registration/names.ts";
import { podGate } from "../../../src/registration/podgate.ts";
import { enforce } from "./options.ts";

test("the anchor needs the same cache as the gate, by a policy and a binding of its own", () => {
  const [gate] = podGate(enforce);
  const [policy, binding] = cacheAnchor().map(({ object }) => object);
  const paramKind = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };
  expect(gate?.object.spec).toMatchObject({ paramKind });
  expect(policy?.spec).toMatchObject({ paramKind });
  expect(binding?.spec).toMatchObject({ policyName: policy?.metadata.name });
  expect(binding?.spec).toHaveProperty("paramRef");
});

test("the anchor refuses nothing: no request is about its resource", () => {
  const [policy, binding] = cacheAnchor().map(({ object }) => object);
  expect(policy?.spec).toMatchObject({
    failurePolicy: "Ignore",
    matchConstraints: {
      resourceRules: [{ apiGroups: ["ringfence.dev"], resources: ["nothing"] }],
    },
    validations: [{ expression: "true" }],
  });
  expect(binding?.spec).toMatchObject({ validationActions: ["Audit"] });
});

test("the anchor stays when everything else is removed", () => {
  expect(everyRegisteredName.map(({ name }) => name)).not.toContain(names.cacheAnchor);
});
