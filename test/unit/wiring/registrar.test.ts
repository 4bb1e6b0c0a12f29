import { describe, expect, test } from "vitest";
import { ApiError } from "../../../src/kube/apierror.ts";
import { registered } from "../../../src/registration/object.ts";
import { refuseForeign, register, unregister } from "../../../src/wiring/registrar.ts";

const signal = new AbortController().signal;
const log = { debug() {}, info() {}, warn() {}, error() {} };
const validate = registered("ValidatingWebhookConfiguration", "ringfence-validate", "Why.", {
  webhooks: [],
});

function short(path: string): string {
  return path.split("/").slice(-2).join("/");
}

/** An API server that has these objects, by the last two parts of their paths. */
function setup(stored: Readonly<Record<string, string | undefined>>) {
  const calls: string[] = [];
  return {
    calls,
    client: {
      get: async <T>(path: string): Promise<T | undefined> => {
        if (!Object.hasOwn(stored, short(path))) return undefined;
        const labels = { "app.kubernetes.io/managed-by": stored[short(path)] };
        return JSON.parse(JSON.stringify({ metadata: { labels } }));
      },
      apply: async <T extends object>(path: string, object: T): Promise<T> => {
        calls.push(`apply ${short(path)}`);
        return object;
      },
      delete: async (path: string): Promise<boolean> => {
        if (path.includes("/mutatingadmissionpolic")) throw new ApiError("DELETE", 404, {});
        calls.push(`delete ${short(path)}`);
        return true;
      },
    },
  };
}

describe("the registrar", () => {
  test("applies what is wanted and removes everything else that any options register", async () => {
    const { client, calls } = setup({});
    await register(client, [validate], log, signal);
    expect(calls[0]).toBe("apply validatingwebhookconfigurations/ringfence-validate");
    expect(calls).not.toContain("delete validatingwebhookconfigurations/ringfence-validate");
    expect(calls).toContain("delete mutatingwebhookconfigurations/ringfence-mutate");
  });

  test("removes bindings before what they bind, the mark of new namespaces first, the webhook last", async () => {
    const { client, calls } = setup({});
    await unregister(client, log, signal);
    expect(calls[0]).toBe(
      "delete validatingadmissionpolicybindings/ringfence-namespace-not-isolated-yet-retry",
    );
    expect(calls.at(-1)).toBe("delete validatingwebhookconfigurations/ringfence-validate");
  });

  test("takes over what an earlier run of its own left", async () => {
    const { client } = setup({ "validatingwebhookconfigurations/ringfence-validate": "ringfence" });
    await expect(refuseForeign(client, signal)).resolves.toBeUndefined();
  });

  test.each([
    ["Helm", "Helm"],
    [undefined, "somebody else"],
  ])("leaves a cluster alone whose objects are managed by %s", async (owner, told) => {
    const { client } = setup({ "validatingwebhookconfigurations/ringfence-validate": owner });
    await expect(refuseForeign(client, signal)).rejects.toThrow(
      `ValidatingWebhookConfiguration "ringfence-validate" is managed by ${told}: this cluster is guarded already; uninstall that before guarding it from here`,
    );
  });
});
