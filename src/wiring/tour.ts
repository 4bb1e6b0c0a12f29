import { join } from "node:path";

export type TourPlace = { readonly examples: string; readonly certificates: string };

/** What to try on the local cluster. */
export function tryCluster(kubeconfig: string, kubectl: string, { examples }: TourPlace): string {
  return `
Ringfence guards a local Kubernetes API server. In another terminal:

  export KUBECONFIG=${kubeconfig}

  # a namespace and its first pod: the pod waits for the deny-all
  ${kubectl} apply -f ${join(examples, "shop.yaml")}
  ${kubectl} get networkpolicies,pods --namespace shop

  # a bad policy is refused, with what, why and what to write instead
  ${kubectl} apply -f ${join(examples, "allow-everyone.yaml")}

  # a good one is accepted
  ${kubectl} apply -f ${join(examples, "allow-monitoring.yaml")}

Ctrl-C ends it and removes the cluster.
`;
}

/** A cluster of the user's own: no commands that change it. */
export function tryGiven(server: string): string {
  return `
Ringfence guards ${server} as long as this runs; Ctrl-C takes its registration back and leaves
the deny-all policies. See what it would do, without changing anything:

  kubectl create namespace ringfence-try --dry-run=server -o yaml
`;
}

/** Without a cluster: two reviews to post. */
export function tryAlone(
  url: string,
  problems: readonly string[],
  { examples, certificates }: TourPlace,
): string {
  const post = (file: string): string =>
    `  curl --cacert ${join(certificates, "ca.crt")} -H 'Content-Type: application/json' \\\n    --data @${join(examples, file)} ${url}/v1/validate`;
  return `
No local Kubernetes could be had, so there is no cluster to guard:
${problems.map((problem) => `  - ${problem}`).join("\n")}
Point KUBEBUILDER_ASSETS at a folder with kube-apiserver and etcd, install Go 1.26 or newer, or give
a cluster with --kubeconfig. Meanwhile the webhook serves verdicts alone; in another terminal:

  # a bad policy is refused
${post("review-allow-everyone.json")}

  # a good one is accepted
${post("review-allow-monitoring.json")}
`;
}
