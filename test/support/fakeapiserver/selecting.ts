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
    /^(metadata\.name|metadata\.namespace)(!?==?)(.*)$/.exec(term) ?? [];
  if (field === undefined) throw new Error(`field selector ${term} is not supported here`);
  const of = (object: KubeObject) =>
    field === "metadata.name" ? object.metadata.name : object.metadata.namespace;
  return (object) => (of(object) === value) !== sign?.startsWith("!");
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
