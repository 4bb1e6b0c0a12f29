import { chmod, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../src/controlplane/command.ts";
import type { Progress } from "../../src/controlplane/progress.ts";

const script = (lines: readonly string[]): string => `#!/bin/sh\n${lines.join("\n")}\n`;

/** Writes an executable shell script. */
export async function writeScript(file: string, lines: readonly string[]): Promise<void> {
  await writeFile(file, script(lines));
  await chmod(file, 0o755);
}

/** A directory with shell scripts that tell versions like the real binaries. */
export async function writeFakeAssets(directory: string, version: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  await writeScript(join(directory, "etcd"), ["echo 'etcd Version: 3.7.0'"]);
  await writeScript(join(directory, "kube-apiserver"), [`echo 'Kubernetes v${version}'`]);
  await writeScript(join(directory, "kube-controller-manager"), [`echo 'Kubernetes v${version}'`]);
  await writeScript(join(directory, "kubectl"), [`echo '  gitVersion: v${version}'`]);
  return directory;
}

const upstreamModule = JSON.stringify({
  Go: "1.26.0",
  Require: [{ Path: "go.etcd.io/etcd/client/v3", Version: "v3.7.0" }],
  Replace: [{ Old: { Path: "k8s.io/api" } }],
});

/**
 * A `go` that "builds" scripts which tell their version, notes each build in $BUILDS, and stops for
 * good at the binary named by $HANG_AT after it has written half of it.
 */
async function writeFakeGo(directory: string, version: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeScript(join(directory, "go"), [
    'case "$1 $2" in',
    '"version ") echo "go version go1.26.8 linux/amd64"; exit ;;',
    `"mod download") echo '{"GoMod": "go.mod"}'; exit ;;`,
    `"mod edit") echo '${upstreamModule}'; exit ;;`,
    '"get -tool") exit ;;',
    "esac",
    'while [ "$1" != -o ]; do shift; done',
    'name=$(basename "$2")',
    'printf "#!/bin/sh\\n" > "$2"; chmod +x "$2"',
    'if [ "$name" = "$HANG_AT" ]; then echo hanging >> "$BUILDS"; exec sleep 300; fi',
    'if [ "$name" = "$BREAK_AT" ]; then echo "$name: no required module provides it" >&2; exit 1; fi',
    "case $name in",
    `etcd) echo "echo 'etcd Version: 3.7.0'" ;;`,
    `kubectl) echo "echo '  gitVersion: v${version}'" ;;`,
    `*) echo "echo 'Kubernetes v${version}'" ;;`,
    'esac >> "$2"',
    'echo "$name" >> "$BUILDS"',
  ]);
}

export type FakeMachine = Readonly<{
  directory: string;
  cache: string;
  builds: string;
  environment: Environment;
}>;

/** A machine with an empty cache, a fake Go toolchain, and a network on which nobody answers. */
export async function createFakeMachine(version: string): Promise<FakeMachine> {
  const directory = await mkdtemp(join(tmpdir(), "ringfence-machine-"));
  await writeFakeGo(join(directory, "bin"), version);
  const builds = join(directory, "builds");
  const environment = {
    PATH: `${join(directory, "bin")}:/usr/bin:/bin`,
    HOME: directory,
    BUILDS: builds,
    // Port 1 refuses: the download must fail at once, and never really leave this machine.
    HTTPS_PROXY: "http://127.0.0.1:1",
  };
  return {
    directory,
    cache: join(directory, ".cache", "ringfence", "controlplane"),
    builds,
    environment,
  };
}

/** Keeps what is reported. */
export function recordProgress(lines: string[]): Progress {
  return {
    line: (text) => void lines.push(text),
    begin: (name) => ({
      detail: () => undefined,
      end: (outcome) => void lines.push(`${name}: ${outcome}`),
    }),
  };
}
