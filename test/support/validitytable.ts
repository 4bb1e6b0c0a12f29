import {
  ambiguousCIDRs,
  anyValues,
  cidrs,
  endPorts,
  exceptsOf,
  instants,
  keys,
  names,
  ports,
  starts,
  values,
  wrongCIDRs,
  wrongEndPorts,
  wrongInstants,
  wrongKeys,
  wrongNames,
  wrongPorts,
  wrongStarts,
  wrongValues,
} from "./validityvalues.ts";

const selector = {
  matchLabels: { app: "web" },
  matchExpressions: [{ key: "app", operator: "In", values: ["web"] }],
};

/** A NetworkPolicy that says everything that one can say. */
const fullObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: {
    name: "web",
    generateName: "web-",
    selfLink: "/",
    uid: "u",
    resourceVersion: "1",
    generation: 1,
    creationTimestamp: "2026-01-02T03:04:05Z",
    deletionTimestamp: "2026-01-02T03:04:05Z",
    deletionGracePeriodSeconds: 1,
    labels: { app: "web" },
    annotations: { app: "web" },
    ownerReferences: [
      {
        apiVersion: "v1",
        kind: "Pod",
        name: "web",
        uid: "u",
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
    finalizers: ["example.com/x"],
    managedFields: [
      {
        manager: "web",
        operation: "Update",
        apiVersion: "networking.k8s.io/v1",
        time: "2026-01-02T03:04:05Z",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:spec": {} },
        subresource: "",
      },
    ],
  },
  spec: {
    podSelector: selector,
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        ports: [{ protocol: "TCP", port: 80, endPort: 90 }],
        from: [{ podSelector: selector, namespaceSelector: selector }],
      },
    ],
    egress: [
      {
        ports: [{ protocol: "UDP", port: "dns" }],
        to: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }],
      },
    ],
  },
};

const allCIDRs = [...cidrs, ...wrongCIDRs, ...ambiguousCIDRs];

/** Each place of a full object with a value of each type, and each value in the places for it. */
export function everyObject(): readonly object[] {
  return [
    ...variants(fullObject).filter(isObject),
    ...[...keys, ...wrongKeys].flatMap((key) => [
      withMetadata({ labels: { [key]: "" } }),
      withMetadata({ annotations: { [key]: "" } }),
      withMetadata({ finalizers: [key] }),
      withSelector({ matchLabels: { [key]: "" } }),
      withSelector({ matchExpressions: [{ key, operator: "Exists" }] }),
    ]),
    ...[...values, ...wrongValues].flatMap((value) => [
      withMetadata({ labels: { app: value } }),
      withSelector({ matchLabels: { app: value } }),
      withSelector({ matchExpressions: [{ key: "app", operator: "NotIn", values: [value] }] }),
    ]),
    ...allCIDRs.flatMap((cidr) => [
      withPeer({ ipBlock: { cidr } }),
      withPeer({ ipBlock: { cidr: "0.0.0.0/0", except: [cidr] } }),
      withPeer({ ipBlock: { cidr: "::/0", except: [cidr] } }),
    ]),
    ...exceptsOf.flatMap(([cidr, excepts]) =>
      excepts.map((except) => withPeer({ ipBlock: { cidr, except: [except] } })),
    ),
    ...[...ports, ...wrongPorts].flatMap((port) => [
      withPort({ port }),
      withPort({ port, endPort: 443, protocol: "SCTP" }),
    ]),
    ...[...endPorts, ...wrongEndPorts].flatMap((endPort) => [
      withPort({ endPort }),
      withPort({ endPort, port: 80 }),
    ]),
    ...[...instants, ...wrongInstants].map((creationTimestamp) =>
      withMetadata({ creationTimestamp }),
    ),
    ...[...names, ...wrongNames].map((name) => withMetadata({ name })),
    ...[...starts, ...wrongStarts].flatMap((generateName) => [
      withMetadata({ generateName }),
      withMetadata({ generateName, name: undefined }),
    ]),
  ];
}

/** A value of each type, and the value itself with one of its parts changed, left out or added. */
function variants(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    const changed = value.map((item: unknown, at) =>
      variants(item).map((other) => value.with(at, other)),
    );
    return anyValues.concat(changed.flat());
  }
  if (!isObject(value)) return anyValues;
  const entries = Object.entries(value);
  const changed = entries.map(([key, part]) =>
    variants(part).map((other) => withField(value, key, other)),
  );
  const less = entries.map(([key]) => Object.fromEntries(entries.filter(([one]) => one !== key)));
  return anyValues.concat(changed.flat(), less, withField(value, "unknown", 1));
}

function withField(value: object, key: string, part: unknown): object {
  return { ...value, [key]: part };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function withMetadata(metadata: object): object {
  return { metadata: { name: "web", ...metadata }, spec: {} };
}

function withSelector(podSelector: object): object {
  return withSpec({ podSelector });
}

function withPeer(peer: object): object {
  return withSpec({ egress: [{ to: [peer] }] });
}

function withPort(port: object): object {
  return withSpec({ ingress: [{ ports: [port] }] });
}

function withSpec(spec: object): object {
  return { metadata: { name: "web" }, spec };
}
