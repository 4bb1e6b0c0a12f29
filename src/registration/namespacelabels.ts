import { defaultDenyLabel, defaultDenyValues, isolationLabel } from "../api/names.ts";
import { celList, celExcluded, celString } from "./cel.ts";
import { exclusion } from "./namespacescope.ts";
import { names } from "./names.ts";
import { type Json, type RegisteredObject, registered } from "./object.ts";
import type { RegistrationOptions } from "./options.ts";

/** Cannot be the value of a label, so it never equals one. */
const absent = celString("(absent)");
const enforceLabel = celString("ringfence.dev/enforce");
const enforceVersionLabel = celString("ringfence.dev/enforce-version");

/**
 * Only who has the verb `weaken` on `namespaces` of the group `ringfence.dev` may loosen what a
 * namespace enforces. Deleting a namespace never changes these labels, so it is never hindered.
 */
export function namespaceLabelProtection(
  options: RegistrationOptions,
): readonly RegisteredObject[] {
  const reason =
    "Refuses namespace labels that lower the enforced level, change its version or turn default deny off, unless the user has the verb weaken on namespaces of ringfence.dev. Keeps ringfence.dev/isolation for Ringfence alone.";
  const spec = {
    failurePolicy: "Fail",
    matchConstraints: {
      matchPolicy: "Equivalent",
      resourceRules: [
        {
          apiGroups: [""],
          apiVersions: ["v1"],
          operations: ["CREATE", "UPDATE"],
          // The subresources status and finalize store labels too.
          resources: ["namespaces", "namespaces/*"],
          scope: "Cluster",
        },
      ],
    },
    variables: variables(options),
    validations: validations(options),
  };
  const binding = { policyName: names.namespaceLabels, validationActions: ["Deny"] };
  return [
    registered("ValidatingAdmissionPolicy", names.namespaceLabels, reason, { spec }),
    registered(
      "ValidatingAdmissionPolicyBinding",
      names.namespaceLabels,
      `Switches it on. ${reason}`,
      { spec: binding },
    ),
  ];
}

function variables(options: RegistrationOptions): readonly Json[] {
  const { newNamespaces, existingNamespaces, defaults } = options;
  const level = celString(defaults.enforce);
  const version = celString(defaults.version);
  // On CREATE a missing label is what newNamespaces says. Later it can be that of an older
  // namespace as well, so either setting counts: nobody opts out ahead of the controller.
  const missing = `request.operation == "CREATE" ? ${celString(newNamespaces)} == "enabled" : "enabled" in ${celList([newNamespaces, existingNamespaces])}`;
  const denied = (labels: string) =>
    `${labels}[?${celString(defaultDenyLabel)}].orValue(${absent})`;
  return [
    {
      name: "excluded",
      expression: celExcluded('object.metadata.?name.orValue("")', exclusion(options)),
    },
    { name: "labels", expression: "object.metadata.?labels.orValue({})" },
    {
      name: "oldLabels",
      expression: "oldObject == null ? {} : oldObject.metadata.?labels.orValue({})",
    },
    { name: "defaultDeny", expression: denied("variables.labels") },
    { name: "oldDefaultDeny", expression: denied("variables.oldLabels") },
    {
      name: "wasDenying",
      expression: `variables.oldDefaultDeny == ${absent} ? (${missing}) : !(variables.oldDefaultDeny in ["audit", "disabled"])`,
    },
    {
      name: "level",
      expression: `variables.labels[?${enforceLabel}].orValue(${level})`,
    },
    {
      name: "oldLevel",
      expression: `variables.oldLabels[?${enforceLabel}].orValue(${level})`,
    },
    { name: "rank", expression: rank("variables.level") },
    { name: "oldRank", expression: rank("variables.oldLevel") },
    {
      name: "version",
      expression: `variables.labels[?${enforceVersionLabel}].orValue(${version})`,
    },
    {
      name: "oldVersion",
      expression: `variables.oldLabels[?${enforceVersionLabel}].orValue(${version})`,
    },
    {
      name: "mayWeaken",
      expression: `authorizer.group("ringfence.dev").resource("namespaces").name(object.metadata.?name.orValue("")).check("weaken").allowed()`,
    },
  ];
}

/** An unreadable level is the strictest one. */
function rank(level: string): string {
  return `${level} == "privileged" ? 0 : ${level} == "baseline" ? 1 : 2`;
}

function validations(options: RegistrationOptions): readonly Json[] {
  const isolation = (labels: string) =>
    `${labels}[?${celString(isolationLabel)}].orValue(${absent})`;
  const verb = `you need the verb "weaken" on "namespaces" of the API group "ringfence.dev"`;
  return [
    {
      expression: [
        `request.userInfo.?username.orValue("") == ${celString(options.controller)}`,
        `${isolation("variables.labels")} == ${isolation("variables.oldLabels")}`,
        // Marking, too, writes in the name of the user who creates the namespace.
        `(request.operation == "CREATE" && ${isolation("variables.labels")} == "pending")`,
      ].join(" || "),
      message: `The label ${isolationLabel} is set by Ringfence alone. Leave it as it is; in a new namespace, leave it out.`,
      reason: "Forbidden",
    },
    {
      expression: `variables.defaultDeny == variables.oldDefaultDeny || variables.defaultDeny in [${absent}, ${defaultDenyValues.map(celString).join(", ")}]`,
      message: `The label ${defaultDenyLabel} must be enabled, audit or disabled.`,
      reason: "Invalid",
    },
    {
      expression: `${turnsOff("variables")} ? variables.mayWeaken : true`,
      message: `This turns default deny off for the namespace (label ${defaultDenyLabel}); ${verb} for that.`,
      reason: "Forbidden",
    },
    {
      expression: "variables.rank < variables.oldRank ? variables.mayWeaken : true",
      message: `This lowers the enforced level of the namespace (label ringfence.dev/enforce); ${verb} for that.`,
      reason: "Forbidden",
    },
    {
      expression:
        "variables.oldRank > 0 && variables.version != variables.oldVersion ? variables.mayWeaken : true",
      message: `This changes the version of the enforced level (label ringfence.dev/enforce-version); ${verb} for that.`,
      reason: "Forbidden",
    },
  ];
}

/** Removing the label counts, because the pod gate reads it; a new namespace without it is marked. */
function turnsOff(scope: string): string {
  return [
    `!${scope}.excluded`,
    `${scope}.wasDenying`,
    `${scope}.defaultDeny != ${scope}.oldDefaultDeny`,
    `${scope}.defaultDeny != "enabled"`,
  ].join(" && ");
}
