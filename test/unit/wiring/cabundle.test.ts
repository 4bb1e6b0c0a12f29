import { describe, expect, test } from "vitest";
import { createAuthority } from "../../../src/certificates/issue.ts";
import { trusts, writeCaBundle } from "../../../src/wiring/cabundle.ts";

const now = new Date("2026-11-24T12:00:00Z");
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("the trust of the API server", () => {
  test("holds when the authority is one of several in the bundle", async () => {
    const [ours, other] = [await createAuthority(now), await createAuthority(now)];
    const bundle = base64(`${other.certificate}\n${ours.certificate}`);
    expect(trusts(bundle, ours.certificate)).toBe("");
  });

  test("does not hold for another authority, or none", async () => {
    const [ours, other] = [await createAuthority(now), await createAuthority(now)];
    expect(trusts(base64(other.certificate), ours.certificate)).toBe(
      "the caBundle of the webhook configuration is not that of our authority",
    );
    expect(trusts("", ours.certificate)).toBe("the webhook configuration has no caBundle yet");
  });
});

describe("writing the caBundle", () => {
  test("touches nothing but the bundle, only of configurations that exist and have another one", async () => {
    const applied: unknown[] = [];
    const stored = new Map<string, unknown>([
      [
        "ringfence-validate",
        {
          webhooks: [
            { name: "validate.ringfence.dev", clientConfig: { caBundle: "bmV3" } },
            { name: "namespaces.ringfence.dev", clientConfig: {} },
          ],
        },
      ],
      [
        "ringfence-gate",
        { webhooks: [{ name: "gate.ringfence.dev", clientConfig: { caBundle: "bmV3" } }] },
      ],
    ]);
    const client = {
      get: async (path: string) => stored.get(path.slice(path.lastIndexOf("/") + 1)),
      apply: async (_path: string, object: object) => {
        applied.push(object);
        return object;
      },
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a record of the two methods
    const written = await writeCaBundle(client as never, "bmV3", new AbortController().signal);
    expect(written).toEqual(["ringfence-validate"]);
    expect(applied).toEqual([
      {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingWebhookConfiguration",
        metadata: { name: "ringfence-validate" },
        webhooks: [
          { name: "validate.ringfence.dev", clientConfig: { caBundle: "bmV3" } },
          { name: "namespaces.ringfence.dev", clientConfig: { caBundle: "bmV3" } },
        ],
      },
    ]);
  });
});
