import { expect, test } from "vitest";
import { lintTexts } from "./linting.ts";

const policy = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: gone } } }]
      ports: [{ port: 80 }]
`;
const service = `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }
`;
const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ ports: [{ name: http, containerPort: 8080 }] }] }
`;
const namespace = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
`;

test("Services and workloads of any file of the input count, and nothing that it lacks", async () => {
  const report = await lintTexts([policy, service, `${deployment}---${namespace}`]);
  expect(
    report.findings.map(({ rule, severity, path, message }) => [rule, severity, path, message]),
  ).toEqual([
    [
      "service-port-mismatch",
      "hint",
      "spec.ingress[0].ports[0].port",
      '80 is the port of Service "web", but its pods listen on 8080: policies look at the port of the pod, so this opens nothing',
    ],
  ]);
});

test("without them nobody knows where the pods listen", async () => {
  expect((await lintTexts([policy, service])).findings).toEqual([]);
  expect((await lintTexts([policy, deployment])).findings).toEqual([]);
});
