import type { FromSchema } from "json-schema-to-ts";

import { defaultDenySchema } from "./defaultdeny.ts";
import { defaultsSchema } from "./defaults.ts";
import { exemptionsSchema } from "./exemptions.ts";
import { parametersSchema } from "./parameters.ts";
import { warningsSchema } from "./warnings.ts";

/** The sections, apart from apiVersion and kind; the chart's values hold the same ones. */
export const sections = {
  defaults: defaultsSchema,
  defaultDeny: defaultDenySchema,
  parameters: parametersSchema,
  warnings: warningsSchema,
  exemptions: exemptionsSchema,
} as const;

export const configurationSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Ringfence configuration",
  type: "object",
  additionalProperties: false,
  required: ["apiVersion", "kind"],
  properties: {
    apiVersion: { const: "ringfence.dev/v1alpha1" },
    kind: { const: "Configuration" },
    ...sections,
  },
} as const;

/** What a configuration file may say; everything but apiVersion and kind may be left out. */
export type ConfigurationFile = FromSchema<typeof configurationSchema>;
