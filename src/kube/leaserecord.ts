import type { ObjectMeta } from "../api/meta.ts";

/** `coordination.k8s.io/v1` Lease, as far as an election needs it. */
export type Lease = {
  readonly apiVersion: "coordination.k8s.io/v1";
  readonly kind: "Lease";
  readonly metadata: ObjectMeta;
  readonly spec?: {
    /** Absent when nobody holds it. */
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
};

/** The lease as it is when `identity` takes or keeps it. The times are for people to read. */
export function heldLease(
  current: Lease | undefined,
  who: { readonly namespace: string; readonly name: string; readonly identity: string },
  leaseMs: number,
  now: Date,
): Lease {
  const { namespace, name, identity } = who;
  const spec = current?.spec;
  const keeps = spec?.holderIdentity === identity;
  const time = microTime(now);
  return {
    ...emptyLease(current?.metadata ?? { namespace, name }),
    spec: {
      ...spec,
      holderIdentity: identity,
      leaseDurationSeconds: Math.max(1, Math.round(leaseMs / 1000)),
      acquireTime: keeps ? (spec.acquireTime ?? time) : time,
      renewTime: time,
      leaseTransitions: (spec?.leaseTransitions ?? 0) + (current === undefined || keeps ? 0 : 1),
    },
  };
}

/** The lease as it is when its holder steps down: anybody may take it at once. */
export function releasedLease(current: Lease, now: Date): Lease {
  const { holderIdentity: _holder, ...spec } = current.spec ?? {};
  const renewTime = microTime(now);
  return { ...emptyLease(current.metadata), spec: { ...spec, leaseDurationSeconds: 1, renewTime } };
}

function emptyLease(metadata: ObjectMeta): Lease {
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata };
}

/** Kubernetes' MicroTime has six digits where JavaScript has three. */
function microTime(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}
