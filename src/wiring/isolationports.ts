import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { isolationLabel } from "../api/names.ts";
import type {
  IsolationEvent,
  Reporter,
  Source,
  Version,
  Writer,
  Written,
} from "../isolation/ports.ts";
import { ApiError, hasStatus } from "../kube/apierror.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Log } from "../kube/log.ts";
import { namespaces, networkPolicies, objectPath } from "../kube/path.ts";
import type { Reflector } from "../kube/reflector.ts";

/** A reflector as the controller sees it. */
export function asSource<T>(reflector: Reflector<T>): Source<T> {
  return {
    get: (key) => reflector.get(key),
    list: () => [...reflector.list()],
    subscribe: (listener) => reflector.subscribe(listener),
  };
}

/** The three writes of the controller. */
export function createWriter(client: KubeClient): Writer {
  return {
    applyPolicy: (policy, signal) => {
      const { name = "", namespace = "" } = policy.metadata ?? {};
      const path = objectPath(networkPolicies, name, namespace);
      return outcome(client.apply<NetworkPolicy>(path, policy, {}, signal));
    },
    applyLabels: (version, labels, signal) => {
      const metadata = { ...version, labels };
      const object = { apiVersion: "v1", kind: "Namespace", metadata };
      return outcome(client.apply<Namespace>(pathOf(version), object, {}, signal));
    },
    removeIsolationLabel: ({ name, uid, resourceVersion }, signal) => {
      const metadata = { uid, resourceVersion, labels: { [isolationLabel]: null } };
      const path = objectPath(namespaces, name);
      return outcome(client.patch<Namespace>(path, { metadata }, {}, signal));
    },
  };
}

function pathOf({ name }: Version): string {
  return objectPath(namespaces, name);
}

async function outcome<T>(write: Promise<T>): Promise<Written<T>> {
  try {
    return { outcome: "written", object: await write };
  } catch (error) {
    if (isTerminating(error)) return { outcome: "terminating" };
    if (hasStatus(error, 404)) return { outcome: "gone" };
    if (hasStatus(error, 409)) return { outcome: "conflict" };
    throw error;
  }
}

function isTerminating(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.causes.some(({ reason }) => reason === "NamespaceTerminating")
  );
}

const severities = {
  "policy-applied": "info",
  labelled: "info",
  released: "info",
  backfill: "info",
  "older-pods": "warn",
  "pods-unchecked": "warn",
  "existing-namespaces": "info",
  contended: "warn",
  failed: "error",
} as const satisfies Record<IsolationEvent["kind"], keyof Log>;

/** One log line per event of the controller. */
export function createReporter(log: Log): Reporter {
  return {
    report: (event) => {
      const { kind, ...fields } = event;
      const { error, ...rest } = "error" in fields ? fields : { ...fields, error: undefined };
      log[severities[kind]](
        { event: kind, ...rest, ...(error ? { err: error } : {}) },
        "isolation",
      );
    },
  };
}
