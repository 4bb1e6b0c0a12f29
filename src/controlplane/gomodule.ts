/** What we read of k8s.io/kubernetes' own go.mod, as `go mod edit -json` prints it. */
export type UpstreamModule = Readonly<{
  goVersion: string;
  debugDefaults: readonly string[];
  stagingModules: readonly string[];
  etcdVersion: string;
}>;

/** Parses `go mod edit -json`; throws when a part that the build needs is not there. */
export function parseUpstreamModule(json: string): UpstreamModule {
  const document: unknown = JSON.parse(json);
  const goVersion = text(field(document, "Go"));
  const stagingModules = items(field(document, "Replace"))
    .map((replace) => text(field(field(replace, "Old"), "Path")))
    .filter((path): path is string => path?.startsWith("k8s.io/") === true);
  const etcd = items(field(document, "Require")).find(
    (require) => field(require, "Path") === "go.etcd.io/etcd/client/v3",
  );
  const etcdVersion = text(field(etcd, "Version"));
  if (goVersion === undefined || etcdVersion === undefined || stagingModules.length === 0) {
    throw new Error("the go.mod of k8s.io/kubernetes has another shape than expected");
  }
  const debugDefaults = items(field(document, "Godebug")).map(
    (entry) => `${text(field(entry, "Key"))}=${text(field(entry, "Value"))}`,
  );
  return { goVersion, debugDefaults, stagingModules, etcdVersion };
}

/** The go.mod of a module that builds the control plane of one version as its tools. */
export function renderModule(version: string, upstream: UpstreamModule): string {
  // Upstream's staging modules are published as v0.MINOR.PATCH; a module that is not the main one
  // has no say about replacements, so ours repeats upstream's.
  const staging = version.replace(/^1\./, "v0.");
  return [
    "module ringfence.dev/controlplane",
    "",
    `go ${upstream.goVersion}`,
    "",
    ...upstream.debugDefaults.map((setting) => `godebug ${setting}`),
    "",
    ...upstream.stagingModules.map((path) => `replace ${path} => ${path} ${staging}`),
    "",
  ].join("\n");
}

/** The packages to build, in this order, each with the version that `go get -tool` shall take. */
export function toolPackages(
  version: string,
  upstream: UpstreamModule,
): readonly Readonly<{ binary: string; path: string; query: string }>[] {
  const kubernetes = (
    binary: string,
  ): Readonly<{ binary: string; path: string; query: string }> => ({
    binary,
    path: `k8s.io/kubernetes/cmd/${binary}`,
    query: `v${version}`,
  });
  return [
    // The same version as the client that kube-apiserver is built with, whatever is newest today.
    { binary: "etcd", path: "go.etcd.io/etcd/server/v3", query: upstream.etcdVersion },
    kubernetes("kube-apiserver"),
    kubernetes("kube-controller-manager"),
    kubernetes("kubectl"),
  ];
}

/** Linker flags that give the binaries their version, as the release builds do. */
export function linkerFlags(version: string): string {
  const [major = "", minor = ""] = version.split(".");
  return [
    "-s -w",
    setVariable("gitVersion", `v${version}`),
    setVariable("gitMajor", major),
    setVariable("gitMinor", minor),
  ].join(" ");
}

function setVariable(name: string, value: string): string {
  return `-X k8s.io/component-base/version.${name}=${value}`;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (Object.entries(value).find(([key]) => key === name)?.[1] as unknown)
    : undefined;
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
