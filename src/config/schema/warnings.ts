export const warningsSchema = {
  type: "object",
  description: "What warnings may look at.",
  additionalProperties: false,
  properties: {
    podsAndServices: {
      type: "string",
      enum: ["auto", "disabled"],
      description:
        "`auto`: each replica of the webhook watches the pods and Services of the cluster, where it may, and keeps their labels, selectors and ports; `service-port-mismatch` and `matches-nothing-now` need them. `disabled` watches neither, for very large clusters; the two then stay silent about pods and Services. Verdicts never depend on it.",
      default: "auto",
    },
  },
} as const;
