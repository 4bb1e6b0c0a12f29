import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";

import { generate } from "../../scripts/generate/chart.ts";
import { cacheAnchor } from "../../src/registration/cacheanchor.ts";
import { defaultTimeouts, type RegistrationOptions } from "../../src/registration/options.ts";
import { registration } from "../../src/registration/registration.ts";
import { findHelm, type Manifest, renderChart } from "./charthelm.ts";

const helm = await findHelm();
const marking = "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy";

/** In the chart an empty list holds a name that no namespace can have. */
const nobody = ["(none)", "(none)*"];

const audit: RegistrationOptions = {
  failurePolicy: "Ignore",
  newNamespaces: "audit",
  existingNamespaces: "audit",
  defaults: { enforce: "privileged", version: "v1" },
  excludedNamespaces: nobody,
  exemptNamespaces: ["(none)"],
  ownNamespace: "ringfence-system",
  marking: "policy",
  endpoint: { service: { namespace: "ringfence-system", name: "ringfence-webhook" } },
  controller: "system:serviceaccount:ringfence-system:ringfence-controller",
  timeouts: defaultTimeouts,
};

const enforce: RegistrationOptions = {
  ...audit,
  failurePolicy: "Fail",
  newNamespaces: "enabled",
  defaults: { enforce: "baseline", version: "v1" },
};

/** Both sides by kind and name; labels are the installer's business. */
function comparable(objects: readonly Manifest[]): ReadonlyMap<string, object> {
  const entries: [string, object][] = [];
  for (const object of objects) {
    const { labels: _labels, ...metadata }: Record<string, unknown> = Object(object.metadata);
    entries.push([`${object.kind}/${object.metadata.name}`, { ...object, metadata }]);
  }
  return new Map(entries.toSorted(([a], [b]) => a.localeCompare(b)));
}

function registered(options: RegistrationOptions): ReadonlyMap<string, object> {
  const objects: Manifest[] = [];
  for (const { object } of registration(options)) objects.push({ ...object });
  // It stays when the release goes: without it a gate that is registered again sees old policies.
  for (const { object } of cacheAnchor()) {
    const annotations = { ...object.metadata.annotations, "helm.sh/resource-policy": "keep" };
    const metadata = { ...object.metadata, annotations };
    objects.push({ ...object, metadata });
  }
  return comparable(objects);
}

test("the template of the admission objects is what the code generates today", async () => {
  const template = generate().find(({ path }) => path.endsWith("/templates/admission.yaml"));
  const file = new URL(`../../${template?.path ?? ""}`, import.meta.url);
  expect(await readFile(file, "utf8"), "run `npm run generate`").toBe(template?.content);
});

describe.skipIf("problem" in helm)(
  "the admission objects of the chart are those of the code",
  () => {
    test.each<[string, object, readonly string[], RegistrationOptions]>([
      ["profile audit, the default", {}, [marking], audit],
      ["profile enforce", { profile: "enforce" }, [marking], enforce],
      [
        "an API server that cannot mark namespaces itself",
        { profile: "enforce" },
        [],
        { ...enforce, marking: "webhook" },
      ],
      [
        "marking by the webhook as configured",
        { profile: "enforce", configuration: { defaultDeny: { marking: "webhook" } } },
        [marking],
        { ...enforce, marking: "webhook" },
      ],
      [
        "marking by policy as configured, where rendering cannot ask the API server",
        { profile: "enforce", configuration: { defaultDeny: { marking: "policy" } } },
        [],
        enforce,
      ],
      [
        "other defaults and every list in use",
        {
          configuration: {
            defaults: { enforce: "restricted", version: "latest" },
            defaultDeny: {
              newNamespaces: "disabled",
              existingNamespaces: "enabled",
              excludedNamespaces: ["monitoring", "team-*", "ingress", "sandbox-*"],
            },
            exemptions: { namespaces: ["legacy", "vendor"] },
          },
        },
        [marking],
        {
          ...audit,
          defaults: { enforce: "restricted", version: "latest" },
          newNamespaces: "disabled",
          existingNamespaces: "enabled",
          excludedNamespaces: ["monitoring", "ingress", "team-*", "sandbox-*"],
          exemptNamespaces: ["legacy", "vendor"],
        },
      ],
    ])("%s", async (_name, values, apis, options) => {
      const rendered = await renderChart(helm, values, { apis });
      const admission = rendered.filter(({ apiVersion }) => apiVersion.startsWith("admission"));
      expect(comparable(admission)).toEqual(registered(options));
    });

    test("another namespace of its own", async () => {
      const namespace = "guard";
      const rendered = await renderChart(
        helm,
        { profile: "enforce" },
        { namespace, apis: [marking] },
      );
      const admission = rendered.filter(({ apiVersion }) => apiVersion.startsWith("admission"));
      const options: RegistrationOptions = {
        ...enforce,
        ownNamespace: namespace,
        endpoint: { service: { namespace, name: "ringfence-webhook" } },
        controller: `system:serviceaccount:${namespace}:ringfence-controller`,
      };
      expect(comparable(admission)).toEqual(registered(options));
    });

    test("no caBundle is rendered: the controller keeps it, and an upgrade must not take it away", async () => {
      const rendered = await renderChart(helm, {}, { apis: [marking] });
      expect(JSON.stringify(rendered)).not.toContain("caBundle");
    });
  },
);
