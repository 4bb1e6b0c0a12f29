/**
 * Kinds of values that several sections use. `title` completes the sentence "must be …" in error
 * messages, so that nobody has to read a regular expression.
 */

const dnsLabel = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
const name = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";

export const namespaceName = {
  type: "string",
  title: "the exact name of a namespace (lower-case letters, digits and dashes, at most 63)",
  pattern: `^${dnsLabel}$`,
} as const;

export const namespacePattern = {
  type: "string",
  title:
    "the exact name of a namespace, or a prefix followed by one *, such as team-*; a lone * is not allowed",
  pattern: `^(${dnsLabel}|[a-z0-9][-a-z0-9]{0,61}\\*)$`,
} as const;

/** Users and groups match exactly: a wildcard would look as if it worked. */
export const subjectName = {
  type: "string",
  title: "an exact name without wildcards or surrounding spaces",
  pattern: "^[^\\s*]([^*\\n]*[^\\s*])?$",
} as const;

export const labelKey = {
  type: "string",
  title: "a label key, such as team or example.com/team",
  maxLength: 317,
  pattern: `^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?${name}$`,
} as const;

export const labelValue = {
  type: "string",
  title: "a label value (letters, digits, dashes, underscores and dots, at most 63)",
  pattern: `^(${name})?$`,
} as const;

export const portNumber = {
  type: "integer",
  title: "a port number from 1 to 65535",
  minimum: 1,
  maximum: 65535,
} as const;

export const portName = {
  type: "string",
  title:
    "a port name: at most 15 lower-case letters, digits and dashes, with at least one letter; write a number without quotes",
  format: "port-name",
} as const;

export const cidr = {
  type: "string",
  title: "an address block without host bits or leading zeros, such as 10.0.0.0/8 or fd00::/8",
  format: "cidr",
} as const;

export const address = {
  type: "string",
  title: "an IP address without leading zeros, such as 169.254.169.254",
  format: "address",
} as const;
