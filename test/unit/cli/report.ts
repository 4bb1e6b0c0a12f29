import type { LintReport } from "../../../src/cli/formats/lintschema.ts";

const place = { file: "shop.yaml", line: 7, column: 5 };
const object = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  namespace: "shop",
  name: "web",
};

/** A report with one of everything. */
export const everything: LintReport = {
  apiVersion: "ringfence.dev/v1alpha1",
  kind: "LintReport",
  summary: { files: 3, judged: 2, errors: 1, warnings: 1, hints: 0, notJudged: 2, notEvaluated: 3 },
  findings: [
    {
      rule: "no-anyone",
      level: "baseline",
      severity: "error",
      modes: ["enforce", "audit", "warn"],
      ...place,
      object,
      path: "spec.ingress[0]",
      message: "everyone gets in",
      why: "A wildcard.",
      fix: "Name them.",
      witness: "a pod gets in",
      patch: [{ op: "remove", path: "/spec/ingress/0" }],
    },
    {
      rule: "unreadable-label",
      severity: "warning",
      modes: ["warn"],
      file: "namespace.yaml",
      line: 3,
      column: 1,
      object: { apiVersion: "v1", kind: "Namespace", namespace: "", name: "shop" },
      path: "",
      message: "says \u001b[31mred\u0007\nand more",
      why: "An error.",
      fix: "Correct it.",
    },
  ],
  notJudged: [
    { file: "missing.yaml", message: "does not exist" },
    { ...place, line: 20, object, path: "spec", message: "is too complex" },
  ],
  notEvaluated: [
    { ...place, line: 40, object: { ...object, kind: "Pod" }, reason: "Pod (v1)" },
    { ...place, line: 50, object: { ...object, kind: "Pod" }, reason: "Pod (v1)" },
    { file: "values.yaml", line: 1, column: 1, reason: "is a list, no object" },
  ],
  notes: [{ ...place, object, message: "ranges are unknown" }],
};
