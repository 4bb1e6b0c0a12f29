import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { kubectl, kubectlOk } from "../support/kubectl.ts";
import { enforceLevel } from "../support/policieslevel.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { startRingfence, type Ringfence } from "../support/ringfence.ts";

const folder = new URL("../../docs/examples", import.meta.url).pathname;
const examples = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return { name, claim: text.slice(0, text.indexOf("\n")), file: join(folder, name) };
  });
const levels = ["privileged", "baseline", "restricted"] as const;

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  ringfence = await startRingfence();
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await kubectl(["delete", "namespace", "shop", "--timeout=60s"]);
});

/** Whether each level accepts a file. */
async function accepting(file: string): Promise<readonly string[]> {
  const accepted: string[] = [];
  for (const level of levels) {
    await enforceLevel(client, "shop", level);
    const { code } = await kubectl(["apply", "--dry-run=server", "-f", file]);
    if (code === 0) accepted.push(level);
  }
  return accepted;
}

function claimed(claim: string): readonly string[] {
  if (claim.startsWith("# Accepted at every level")) return levels;
  const [, level] = /^# Refused at (baseline|restricted)\b/.exec(claim) ?? [];
  if (level === "baseline") return ["privileged"];
  if (level === "restricted") return ["privileged", "baseline"];
  throw new Error(`not a claim about levels: ${claim}`);
}

const judged = examples.filter(({ claim }) => /^# (Accepted|Refused)/.test(claim));
const applied = examples.filter((example) => !judged.includes(example));

test.each(applied)("$name: $claim", async ({ file, claim }) => {
  expect(claim).toMatch(/^# A namespace and its first pod in one apply/);
  expect((await kubectl(["apply", "-f", file])).stderr).toBe("");
  await vi.waitFor(async () => {
    expect(await kubectlOk(["-n", "shop", "get", "pods,netpol", "-o", "name"])).toBe(
      "pod/web\nnetworkpolicy.networking.k8s.io/ringfence-default-deny\n",
    );
  });
});

// In the namespace that the one above has made.
test.each(judged)("$name: $claim", async ({ file, claim }) => {
  expect(await accepting(file)).toEqual(claimed(claim));
});
