import { defaultDenyValues } from "../../api/names.ts";
import { namespacePattern } from "./vocabulary.ts";

const state = { type: "string", enum: defaultDenyValues } as const;

export const defaultDenySchema = {
  type: "object",
  description: "Which namespaces receive the NetworkPolicy that denies all traffic.",
  additionalProperties: false,
  properties: {
    newNamespaces: {
      ...state,
      description:
        "Namespaces created from now on, unless their `ringfence.dev/default-deny` label says otherwise. `enabled`: the deny-all is created and no pod is admitted before it exists; `audit`: only counted and reported; `disabled`: left alone.",
      default: "enabled",
    },
    existingNamespaces: {
      ...state,
      description: "The same for namespaces that are older than Ringfence and carry no label.",
      default: "audit",
    },
    excludedNamespaces: {
      type: "array",
      items: namespacePattern,
      description:
        "Never marked, gated or isolated, beside `kube-system`, `kube-public`, `kube-node-lease`, `default` and Ringfence's own namespace. Exact names, or a prefix with a trailing `*`.",
      default: [],
    },
    allowDNS: {
      type: "string",
      enum: ["auto", "disabled"],
      description:
        "The companion policy `ringfence-allow-dns` of isolated namespaces: `auto` creates it where the cluster's DNS is found; `disabled` creates none, and those that exist allow nothing any more.",
      default: "auto",
    },
    marking: {
      type: "string",
      enum: ["auto", "policy", "webhook"],
      description:
        "How new namespaces are labelled: `policy` inside the API server (1.36 and newer), `webhook` by Ringfence, `auto` picks what the API server serves.",
      default: "auto",
    },
  },
} as const;
