import type { FromSchema } from "json-schema-to-ts";
import { levels, modes } from "../../api/level.ts";

const text = { type: "string" } as const;
const count = { type: "integer", minimum: 0 } as const;

/** Where something stands. Lines and columns count from 1, columns in UTF-16 units. */
const place = {
  file: { ...text, description: "As given on the command line; `<stdin>` for standard input." },
  line: { type: "integer", minimum: 1 },
  column: { type: "integer", minimum: 1 },
} as const;

const object = {
  type: "object",
  additionalProperties: false,
  required: ["apiVersion", "kind", "namespace", "name"],
  properties: {
    apiVersion: text,
    kind: text,
    namespace: {
      ...text,
      description: "The one that it was judged in; empty for objects that have none.",
    },
    name: { ...text, description: "Its name, or its generateName; empty when it has neither." },
  },
} as const;

const operation = {
  type: "object",
  additionalProperties: false,
  required: ["op", "path"],
  properties: { op: { enum: ["add", "replace", "remove"] }, path: text, value: {} },
} as const;

const finding = {
  type: "object",
  additionalProperties: false,
  required: [
    "rule",
    "severity",
    "modes",
    "file",
    "line",
    "column",
    "object",
    "path",
    "message",
    "why",
    "fix",
  ],
  properties: {
    rule: { ...text, description: "Its page: `ringfence explain RULE`." },
    level: {
      enum: levels,
      description: "The first level that has the rule; missing where all do.",
    },
    severity: {
      enum: ["error", "warning", "hint"],
      description:
        "`error`: it would be refused; `hint`: a warning of the standard, which belongs to no level.",
    },
    modes: {
      type: "array",
      items: { enum: modes },
      description:
        "What the namespace does about it: `enforce` refuses, `warn` tells, `audit` records; empty for a hint.",
    },
    ...place,
    object,
    path: { ...text, description: "The field, as the API server would name it." },
    message: text,
    why: text,
    fix: text,
    witness: { ...text, description: "One pod or address that gets through, and where." },
    patch: {
      type: "array",
      items: operation,
      description: "A JSON patch of the object that makes the finding go away.",
    },
  },
} as const;

const notJudged = {
  type: "object",
  additionalProperties: false,
  required: ["file", "message"],
  properties: { ...place, object, path: text, message: text },
} as const;

const notEvaluated = {
  type: "object",
  additionalProperties: false,
  required: ["file", "line", "column", "reason"],
  properties: { ...place, object, reason: text },
} as const;

const note = {
  type: "object",
  additionalProperties: false,
  required: ["message"],
  properties: { ...place, object, message: text },
} as const;

/** What `ringfence lint -o json` prints. Fields may be added, none will change its meaning. */
export const lintSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Ringfence lint report",
  type: "object",
  additionalProperties: false,
  required: ["apiVersion", "kind", "summary", "findings", "notJudged", "notEvaluated", "notes"],
  properties: {
    apiVersion: { const: "ringfence.dev/v1alpha1" },
    kind: { const: "LintReport" },
    summary: {
      type: "object",
      additionalProperties: false,
      required: ["files", "judged", "errors", "warnings", "hints", "notJudged", "notEvaluated"],
      properties: {
        files: { ...count, description: "Files that were looked at, standard input included." },
        judged: { ...count, description: "NetworkPolicies that were judged." },
        errors: count,
        warnings: count,
        hints: count,
        notJudged: count,
        notEvaluated: count,
      },
    },
    findings: { type: "array", items: finding },
    notJudged: {
      type: "array",
      items: notJudged,
      description: "What should have been judged and could not be: the reason for exit code 2.",
    },
    notEvaluated: {
      type: "array",
      items: notEvaluated,
      description: "What is not judged: objects of other kinds, exempt ones, other documents.",
    },
    notes: { type: "array", items: note, description: "What a verdict does not cover, and why." },
  },
} as const;

export type LintReport = FromSchema<typeof lintSchema>;
