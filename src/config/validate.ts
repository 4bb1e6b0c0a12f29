import { Ajv, type ErrorObject } from "ajv";

import { explain } from "./explain.ts";
import { isPlainAddress, isPlainCIDR, isPortName } from "./formats.ts";
import type { Problem } from "./problem.ts";
import { type ConfigurationFile, configurationSchema } from "./schema/configuration.ts";

const ajv = new Ajv({
  allErrors: true,
  ownProperties: true,
  // The value and the schema it broke, for messages that say what is allowed.
  verbose: true,
  strict: true,
  strictRequired: false,
  formats: { cidr: isPlainCIDR, address: isPlainAddress, "port-name": isPortName },
});

const matches = ajv.compile<ConfigurationFile>(configurationSchema);

/** Checks the shape; what a schema cannot express is checked by `check`. */
export function validate(
  input: unknown,
): { readonly file: ConfigurationFile } | { readonly problems: Problem[] } {
  if (matches(input)) return { file: input };
  const errors: readonly ErrorObject[] = matches.errors ?? [];
  return { problems: explain(errors) };
}
