import { join } from "node:path";
import { renderFlags } from "./flags.ts";
import { startProcess, type SupervisedProcess } from "./process.ts";

// What makes namespaces go away, deployments become pods, and policies get their type check.
const controllers = [
  "namespace-controller",
  "garbage-collector-controller",
  "replicaset-controller",
  "deployment-controller",
  "statefulset-controller",
  "job-controller",
  "serviceaccount-controller",
  "clusterrole-aggregation-controller",
  "validatingadmissionpolicy-status-controller",
];

/** Starts kube-controller-manager with the few controllers that tests and demonstrations need. */
export function startControllerManager(
  binary: string,
  directory: string,
  temporaryDirectory: string | undefined,
  kubeconfig: string,
): Promise<SupervisedProcess> {
  return startProcess({
    name: "kube-controller-manager",
    file: binary,
    args: renderFlags({
      kubeconfig,
      controllers: controllers.join(","),
      "use-service-account-credentials": "true",
      "service-account-private-key-file": join(directory, "service-account.key"),
      "leader-elect": "false",
      "secure-port": "0",
    }),
    directory,
    logFile: join(directory, "logs", "kube-controller-manager.log"),
    temporaryDirectory,
  });
}
