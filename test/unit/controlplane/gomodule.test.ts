import { expect, test } from "vitest";
import {
  linkerFlags,
  parseUpstreamModule,
  renderModule,
  toolPackages,
} from "../../../src/controlplane/gomodule.ts";

const upstreamJson = JSON.stringify({
  Module: { Path: "k8s.io/kubernetes" },
  Go: "1.25.0",
  Godebug: [{ Key: "default", Value: "go1.25" }],
  Require: [
    { Path: "go.etcd.io/etcd/api/v3", Version: "v3.6.1" },
    { Path: "go.etcd.io/etcd/client/v3", Version: "v3.6.5" },
  ],
  Replace: [
    { Old: { Path: "k8s.io/api" }, New: { Path: "./staging/src/k8s.io/api" } },
    { Old: { Path: "k8s.io/apiserver" }, New: { Path: "./staging/src/k8s.io/apiserver" } },
    { Old: { Path: "example.org/fork" }, New: { Path: "example.org/other", Version: "v1.0.0" } },
  ],
});

test("upstream's module tells Go version, debug defaults, staging modules and the version of etcd", () => {
  expect(parseUpstreamModule(upstreamJson)).toEqual({
    goVersion: "1.25.0",
    debugDefaults: ["default=go1.25"],
    stagingModules: ["k8s.io/api", "k8s.io/apiserver"],
    etcdVersion: "v3.6.5",
  });
});

test("our module repeats upstream's replacements with the published versions of the same release", () => {
  expect(renderModule("1.36.3", parseUpstreamModule(upstreamJson))).toBe(
    [
      "module ringfence.dev/controlplane",
      "",
      "go 1.25.0",
      "",
      "godebug default=go1.25",
      "",
      "replace k8s.io/api => k8s.io/api v0.36.3",
      "replace k8s.io/apiserver => k8s.io/apiserver v0.36.3",
      "",
    ].join("\n"),
  );
});

test("etcd and kube-apiserver are built before what a control plane can do without", () => {
  const packages = toolPackages("1.36.3", parseUpstreamModule(upstreamJson));
  expect(packages.map(({ binary, path, query }) => `${binary}: ${path}@${query}`)).toEqual([
    "etcd: go.etcd.io/etcd/server/v3@v3.6.5",
    "kube-apiserver: k8s.io/kubernetes/cmd/kube-apiserver@v1.36.3",
    "kube-controller-manager: k8s.io/kubernetes/cmd/kube-controller-manager@v1.36.3",
    "kubectl: k8s.io/kubernetes/cmd/kubectl@v1.36.3",
  ]);
});

test("the linker gives the binaries their version", () => {
  expect(linkerFlags("1.36.3")).toBe(
    "-s -w -X k8s.io/component-base/version.gitVersion=v1.36.3" +
      " -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36",
  );
});

test.each(["{}", "[]", "null", '{"Go":"1.26","Require":[],"Replace":[]}'])(
  "a module of another shape is refused: %s",
  (json) => {
    expect(() => parseUpstreamModule(json)).toThrow(
      "the go.mod of k8s.io/kubernetes has another shape than expected",
    );
  },
);
