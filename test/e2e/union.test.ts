import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubectl, kubectlOk } from "../support/kubectl.ts";
import { networkPolicy } from "../support/policies.ts";
import { openRawClient, type RawClient } from "../support/rawclient.ts";
import { postNamespace, removeNamespaces } from "../support/rawclientnamespaces.ts";
import { type Ringfence, startRingfence } from "../support/ringfence.ts";

const configuration = `apiVersion: ringfence.dev/v1alpha1
kind: Configuration
defaults: {enforce: baseline, audit: baseline, warn: baseline}
defaultDeny: {newNamespaces: disabled}
`;
const namespace = "union-shop";

let client: RawClient;
let ringfence: Ringfence;
beforeAll(async () => {
  client = await openRawClient();
  ringfence = await startRingfence({ configuration });
  await postNamespace(client, namespace);
});
afterAll(async () => {
  await ringfence.stop();
  await client[Symbol.asyncDispose]();
  await removeNamespaces("union-");
});

function ingress(name: string, cidrs: readonly string[], app = "web") {
  return networkPolicy(name, namespace, {
    podSelector: { matchLabels: { app } },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: cidrs.map((cidr) => ({ ipBlock: { cidr } })),
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ],
  });
}

const together =
  '12.0.0.0/8 together with 13.0.0.0/8 (spec.ingress[0].from[0] of NetworkPolicy "first") on TCP 443 is wider than /8 outside private space';

describe("kubectl apply", () => {
  test("of the second of two policies is refused for what both admit, and names the first", async () => {
    await kubectlOk(["apply", "-f", "-"], { stdin: ingress("first", ["13.0.0.0/8"]) });
    const { code, stderr } = await kubectl(["apply", "-f", "-"], {
      stdin: ingress("second", ["12.0.0.0/8"]),
    });
    expect(code).toBe(1);
    expect(stderr).toContain(`no-broad-addresses at spec.ingress[0].from[0].ipBlock: ${together}`);
  });

  test("of it is accepted for other pods, but an update to the same pods is not", async () => {
    const stdin = ingress("second", ["12.0.0.0/8"], "api");
    await kubectlOk(["apply", "-f", "-"], { stdin });
    const { code, stderr } = await kubectl(["apply", "-f", "-"], {
      stdin: ingress("second", ["12.0.0.0/8"]),
    });
    expect(code).toBe(1);
    expect(stderr).toContain(together);
  });

  test("of a narrower version is accepted, and so is the first again", async () => {
    const narrower = { stdin: ingress("second", ["12.0.0.0/9"]) };
    expect(await kubectlOk(["apply", "-f", "-"], narrower)).toBe(
      "networkpolicy.networking.k8s.io/second configured\n",
    );
    const again = { stdin: ingress("first", ["13.0.0.0/8"]) };
    expect(await kubectlOk(["apply", "-f", "-"], again)).toBe(
      "networkpolicy.networking.k8s.io/first unchanged\n",
    );
    await kubectlOk(["delete", "networkpolicy", "second", "-n", namespace]);
  });

  test("is refused just so right after a start", async () => {
    await ringfence.stop();
    ringfence = await startRingfence({ configuration });
    const { code, stderr } = await kubectl(["apply", "-f", "-"], {
      stdin: ingress("second", ["12.0.0.0/8"]),
    });
    expect(code).toBe(1);
    expect(stderr).toContain(together);
  });
});
