import type { Fields } from "../netpol/wire.ts";
import type { ContainerPort, KnownPod } from "./cluster.ts";
import { fieldsOf, isKind, listOf, protocolOf, readLabels } from "./readobject.ts";

/** What makes pods of a template. */
const workloads = [
  ["apps/v1", "Deployment"],
  ["apps/v1", "ReplicaSet"],
  ["apps/v1", "StatefulSet"],
  ["apps/v1", "DaemonSet"],
  ["batch/v1", "Job"],
  ["v1", "ReplicationController"],
] as const;

/** A pod, or the template of what makes pods. */
export function readPod(object: Fields): KnownPod | undefined {
  const template = templateOf(object);
  if (template === undefined) return undefined;
  const spec = fieldsOf(template["spec"]);
  const containers = [...listOf(spec["containers"]), ...listOf(spec["initContainers"])];
  return {
    labels: readLabels(template["metadata"]),
    ports: containers.flatMap((container) =>
      listOf(container["ports"]).flatMap((port) => readPort(port) ?? []),
    ),
  };
}

function templateOf(object: Fields): Fields | undefined {
  if (isKind(object, "v1", "Pod")) return object;
  const spec = fieldsOf(object["spec"]);
  if (isKind(object, "batch/v1", "CronJob")) {
    return fieldsOf(fieldsOf(fieldsOf(spec["jobTemplate"])["spec"])["template"]);
  }
  const isWorkload = workloads.some(([apiVersion, kind]) => isKind(object, apiVersion, kind));
  return isWorkload ? fieldsOf(spec["template"]) : undefined;
}

function readPort(fields: Fields): ContainerPort | undefined {
  const { name, containerPort } = fields;
  const protocol = protocolOf(fields["protocol"]);
  if (protocol === undefined || typeof containerPort !== "number") return undefined;
  return { name: typeof name === "string" ? name : undefined, port: containerPort, protocol };
}
