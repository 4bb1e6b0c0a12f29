import { lookup } from "../../../src/api/meta.ts";
import type { KubeObject } from "../../../src/kube/object.ts";

export type Selector = (object: KubeObject) => boolean;

/** A predicate of a list's or watch's query; throws for what this server does not understand. */
export function parseSelector(query: URLSearchParams, namespace: string | undefined): Selector {
  const fields = terms(query.get("fieldSelector")).map(fieldTerm);
  const labels = terms(query.get("labelSelector")).map(labelTerm);
  const all = [...fields, ...labels];
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    all.every((term) => term(object));
}

function terms(text: string | null): readonly string[] {
  return text ? text.split(",").map((term) => term.trim()) : [];
}

function fieldTerm(term: string): Selector {
  const [, field, sign, value] =
    /^(metadata\.name|metadata\.namespace|status\.phase)(!?==?)(.*)$/.exec(term) ?? [];
  if (field === undefined) throw new Error(`field selector ${term} is not supported here`);
  return (object) => (fieldOf(object, field) === value) !== sign?.startsWith("!");
}

function fieldOf({ metadata, ["status"]: status }: KubeObject, field: string): unknown {
  if (field === "metadata.name") return metadata.name;
  if (field === "metadata.namespace") return metadata.namespace;
  return typeof status === "object" && status !== null && "phase" in status ? status.phase : "";
}

function labelTerm(term: string): Selector {
  const [, negated, key, sign, value] = /^(!?)([\w./-]+)(?:(!?==?)(.*))?$/.exec(term) ?? [];
  if (key === undefined) throw new Error(`label selector ${term} is not supported here`);
  return ({ metadata }) => {
    const label = lookup(metadata.labels, key);
    if (sign === undefined) return (label !== undefined) !== (negated === "!");
    return (label === value) !== sign.startsWith("!");
  };
}
