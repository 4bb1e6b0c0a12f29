import { describe, expect, test } from "vitest";

import { findHelm, renderChart } from "./charthelm.ts";

const helm = await findHelm();

async function policies(values: object) {
  const rendered = await renderChart(helm, values);
  return rendered.filter(
    ({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === "ringfence-metrics",
  );
}

describe.skipIf("problem" in helm)("who may read metrics in the chart", () => {
  test("is nobody by default", async () => {
    expect(await policies({})).toEqual([]);
  });

  test("are the peers that the values name, on the port of the probes alone", async () => {
    const peer = {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
    };
    const found = await policies({ networkPolicy: { metricsFrom: [peer] } });
    expect(found.map(({ spec }) => spec)).toEqual([
      {
        podSelector: { matchLabels: { "app.kubernetes.io/name": "ringfence" } },
        policyTypes: ["Ingress"],
        ingress: [{ ports: [{ protocol: "TCP", port: 8080 }], from: [peer] }],
      },
    ]);
  });
});
