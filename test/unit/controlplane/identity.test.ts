import { expect, test } from "vitest";
import { parse } from "yaml";
import {
  renderKubeconfig,
  renderTokenFile,
  serviceAccountIdentity,
  withToken,
} from "../../../src/controlplane/identity.ts";

const alice = {
  name: "alice",
  user: "alice@example.org",
  groups: ["developers", "ops"],
  token: "secret",
};

test("the token file has a line for each identity, with its groups as one quoted field", () => {
  const bob = { name: "bob", user: "bob", groups: [], token: "other" };
  expect(renderTokenFile([alice, bob])).toBe(
    'secret,"alice@example.org",alice,"developers,ops"\nother,"bob",bob,""\n',
  );
});

test("a service account carries the names that RBAC knows it by", () => {
  expect(serviceAccountIdentity("ringfence-system", "ringfence-webhook")).toEqual({
    name: "ringfence-webhook",
    user: "system:serviceaccount:ringfence-system:ringfence-webhook",
    groups: ["system:serviceaccounts", "system:serviceaccounts:ringfence-system"],
  });
});

test("a kubeconfig points one context at the server, its CA and the identity's token", () => {
  expect(parse(renderKubeconfig("https://127.0.0.1:6443", "PEM", alice))).toEqual({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "ringfence",
        cluster: { server: "https://127.0.0.1:6443", "certificate-authority-data": "UEVN" },
      },
    ],
    users: [{ name: "alice", user: { token: "secret" } }],
    contexts: [
      { name: "ringfence", context: { cluster: "ringfence", user: "alice", namespace: "default" } },
    ],
    "current-context": "ringfence",
  });
});

test("every token is new and long enough not to be guessed", () => {
  const tokens = [1, 2, 3].map(() => withToken(alice).token);
  expect(new Set(tokens).size).toBe(3);
  expect(tokens.every((token) => /^[0-9a-f]{48}$/.test(token))).toBe(true);
});
