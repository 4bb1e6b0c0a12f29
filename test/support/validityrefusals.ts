import { type Minor, validateNetworkPolicy } from "../../src/netpol/validity/validate.ts";

/** Why a server refuses the object, one line each: the path and the message. */
export function refusals(object: unknown, minor: Minor = 37): readonly string[] {
  return validateNetworkPolicy(object, minor).map(({ path, message }) => `${path}: ${message}`);
}

/** Why a server refuses an object with this spec. */
export function refusalsOfSpec(spec: unknown, minor: Minor = 37): readonly string[] {
  return refusals({ ...named, spec }, minor);
}

/** Why a server refuses an object with this metadata beside its name. */
export function refusalsOfMetadata(metadata: object, minor: Minor = 37): readonly string[] {
  return refusals({ ...named, metadata: { name: "web", ...metadata } }, minor);
}

const named = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "web" },
};

export const keyRule =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
export const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
export const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
export const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
