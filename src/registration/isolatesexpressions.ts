/** One CEL check of a NetworkPolicy and what is the matter when it fails. */
export type IsolatesExpression = { readonly expression: string; readonly otherwise: string };

/**
 * CEL checks that the NetworkPolicy at `subject` denies all traffic of all pods, total for every
 * spelling: `src/isolation/isolates.ts` in the language of the API server.
 */
export function isolatesExpressions(subject: string): readonly IsolatesExpression[] {
  const selector = `${subject}.spec.?podSelector`;
  const types = `${subject}.spec.?policyTypes.orValue([])`;
  return [
    {
      expression: `size(${selector}.?matchLabels.orValue({})) == 0 && size(${selector}.?matchExpressions.orValue([])) == 0`,
      otherwise: "does not select every pod",
    },
    {
      expression: `"Ingress" in ${types} && "Egress" in ${types}`,
      otherwise: "does not cover both ingress and egress",
    },
    {
      expression: `size(${subject}.spec.?ingress.orValue([])) == 0 && size(${subject}.spec.?egress.orValue([])) == 0`,
      otherwise: "has rules that allow traffic",
    },
  ];
}
