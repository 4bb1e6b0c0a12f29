import { expect, test } from "vitest";
import { collectionPath, namespaces, networkPolicies, objectPath } from "../../../src/kube/path.ts";

test("paths follow group, scope and subresource", () => {
  expect(collectionPath(namespaces)).toBe("/api/v1/namespaces");
  expect(collectionPath(networkPolicies)).toBe("/apis/networking.k8s.io/v1/networkpolicies");
  expect(objectPath(networkPolicies, "p", "a")).toBe(
    "/apis/networking.k8s.io/v1/namespaces/a/networkpolicies/p",
  );
  expect(objectPath(namespaces, "a", undefined, "status")).toBe("/api/v1/namespaces/a/status");
});

test("an empty name is refused, because it would address the whole collection", () => {
  expect(() => objectPath(networkPolicies, "", "a")).toThrow('"" cannot be part of an API path');
  expect(() => collectionPath(networkPolicies, "")).toThrow('"" cannot be part of an API path');
});

test("names cannot leave their place in the path", () => {
  expect(objectPath(namespaces, "a/b?c")).toBe("/api/v1/namespaces/a%2Fb%3Fc");
  expect(() => objectPath(namespaces, "..")).toThrow('".." cannot be part of an API path');
});
