import { pointer } from "../../api/jsonpatch.ts";
import { lookup } from "../../api/meta.ts";
import type { WeakeningAnnotation } from "../parameters.ts";
import type { Judged, Rule, Violation } from "../rule.ts";

/** Refuses annotations by which some network plugin no longer enforces the policy as written. */
export const noWeakeningAnnotation: Rule = {
  id: "no-weakening-annotation",
  level: "baseline",
  rank: 5,
  summary: "An annotation makes a network plugin ignore the policy, or a part of it.",
  parameters: ["annotations"],
  judge: (judged) =>
    judged.standard.parameters.annotations.flatMap((annotation) => judgeOne(judged, annotation)),
};

function judgeOne(
  { written, writtenBefore }: Judged,
  annotation: WeakeningAnnotation,
): readonly Violation[] {
  const { key } = annotation;
  const value: unknown = lookup(written.metadata?.annotations, key);
  if (typeof value !== "string" || !isWeakening(annotation, value)) return [];
  if (lookup(writtenBefore?.metadata?.annotations, key) === value) return [];
  return [
    {
      path: `metadata.annotations[${JSON.stringify(key)}]`,
      message: `the annotation ${key}: ${JSON.stringify(value.slice(0, 100))} weakens the policy`,
      why: "The network plugin that reads it no longer enforces what the policy says.",
      fix: `Remove the annotation ${key}.`,
      patch: [{ op: "remove", path: pointer("metadata", "annotations", key) }],
    },
  ];
}

function isWeakening({ weakens, value: exact }: WeakeningAnnotation, value: string): boolean {
  if (weakens === "exactly") return value === exact;
  return value.trim() !== "" && !value.split(",").some(isOVNProvider);
}

/** The primary network by its name, or a provider of the form `subnet/namespace`. */
function isOVNProvider(entry: string): boolean {
  const name = entry.trim();
  const parts = name.split("/");
  return name.toLowerCase() === "ovn" || (parts.length === 2 && !parts.includes(""));
}
