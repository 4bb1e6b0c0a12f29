import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKubeconfig } from "../../../src/kube/kubeconfig.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ringfence-kubeconfig-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const contents = `
current-context: one
clusters:
  - {name: c1, cluster: {server: "https://one:6443", certificate-authority: ca.crt}}
  - {name: c2, cluster: {server: "https://two:6443"}}
users:
  - {name: u1, user: {tokenFile: token, as: alice, as-groups: [devs, ops]}}
contexts:
  - {name: one, context: {cluster: c1, user: u1, namespace: n}}
  - {name: two, context: {cluster: c2, user: missing}}
  - {name: three, context: {cluster: missing, user: u1}}
  - {name: four, context: {cluster: c2}}
`;

async function fileOf(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

test("a file gives the current context, with file names relative to it", async () => {
  const file = await fileOf("config", contents);
  expect(await readKubeconfig(file, undefined)).toMatchObject({
    source: `kubeconfig ${file}`,
    namespace: "n",
    cluster: { server: "https://one:6443", caFile: join(folder, "ca.crt") },
    user: { tokenFile: join(folder, "token"), impersonateGroups: ["devs", "ops"] },
  });
});

test("a user who could not be impersonated exactly is refused, if that is who we would be", async () => {
  const exact = contents.replace("as: alice", "as: alice, as-uid: '7', as-user-extra: {a: [b]}");
  await expect(readKubeconfig(exact, undefined)).rejects.toThrow(
    'user "u1" has as-uid and as-user-extra, which is not supported; as and as-groups are',
  );
  expect((await readKubeconfig(exact, "four")).user.name).toBe("anonymous");
});

test("contents are read as they are", async () => {
  const target = await readKubeconfig(contents, "four");
  expect(target.cluster.server).toBe("https://two:6443");
  expect(target.user).toEqual({ name: "anonymous" });
});

test("of several files the first entry of a name counts", async () => {
  const first = await fileOf("first", "contexts: [{name: one, context: {cluster: c2}}]");
  const second = await fileOf("second", contents);
  const target = await readKubeconfig(`${first}:${second}`, undefined);
  expect(target.cluster.name).toBe("c2");
});

test.each([
  ["a context", "none", 'context "none" does not exist; there is: one, two, three, four'],
  ["a user", "two", 'context "two": user "missing" does not exist; there is: u1'],
  ["a cluster", "three", 'context "three": cluster "missing" does not exist; there is: c1, c2'],
])(
  "%s that does not exist is named together with those that do",
  async (_what, context, message) => {
    await expect(readKubeconfig(contents, context)).rejects.toThrow(message);
  },
);

test("a missing file is named", async () => {
  await expect(readKubeconfig("/no/such/file", undefined)).rejects.toThrow(
    "kubeconfig /no/such/file cannot be read: ENOENT",
  );
});

test.each([
  ["empty", "", "is empty or not a mapping"],
  ["broken", "a: [", "is not valid YAML"],
  ["no-server", "clusters: [{name: c, cluster: {}}]", "clusters[0].cluster.server is missing"],
  ["no-context", "clusters: []", "has no current-context, and none was given"],
])("a kubeconfig that is %s is refused with its path", async (name, text, message) => {
  const file = await fileOf(name, text);
  await expect(readKubeconfig(file, undefined)).rejects.toThrow(`kubeconfig ${file}`);
  await expect(readKubeconfig(file, undefined)).rejects.toThrow(message);
});
