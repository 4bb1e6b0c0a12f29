import { parseExclusion } from "../api/excluded.ts";
import type { Namespace } from "../api/namespace.ts";
import type { NetworkPolicy } from "../api/networkpolicy.ts";
import { createStaticExemption } from "../admission/exempt.ts";
import { createGate } from "../admission/gate.ts";
import { createMutate } from "../admission/mutate.ts";
import type {
  DecisionRecorder,
  DefaultDenyReader,
  DefaultDenyWaiter,
  Handlers,
  NamespaceGetter,
  NetworkPolicyLister,
} from "../admission/ports.ts";
import { createPreview } from "../admission/preview.ts";
import { createValidate } from "../admission/validate.ts";
import {
  type ClusterRanges,
  type Configuration,
  withClusterCIDRs,
} from "../config/configuration.ts";
import { createAdviser, hastySteps } from "../engine/advise.ts";
import { createEvaluator } from "../engine/evaluator.ts";
import { evaluateUpdate } from "../engine/ratchet.ts";
import type { KubeClient } from "../kube/client.ts";
import { type Clock, systemClock } from "../kube/clock.ts";
import type { Logger } from "pino";
import { createDecisionMetrics } from "../metrics/decisions.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { namespaces, objectPath } from "../kube/path.ts";
import type { Reflector } from "../kube/reflector.ts";
import { createDecisionLog } from "../server/decisionlog.ts";
import type { ClusterFacts } from "../warnings/cluster.ts";
import { createDenyAllReader, createDenyAllWaiter } from "./denyallwaiter.ts";
import type { KnownObjects } from "./knownobjects.ts";
import { createNamespaceFacts } from "./namespacefacts.ts";

/** What the webhooks need from the cluster, whatever the configuration says. */
export type Gathered = {
  readonly namespaces: NamespaceGetter;
  readonly networkPolicies: NetworkPolicyLister;
  readonly waiter: DefaultDenyWaiter;
  readonly reader: DefaultDenyReader;
  readonly recorder: DecisionRecorder;
  readonly clock: Clock;
  /** What warnings may know of the cluster at this moment. */
  readonly cluster?: () => ClusterFacts;
  /** Ringfence's own namespace: never judged, marked or gated. */
  readonly ownNamespace: string;
};

/** Gathers it from watches and the API server. */
export function gather(deps: {
  readonly client: KubeClient;
  readonly namespaces: Reflector<Namespace>;
  readonly policies: Reflector<NetworkPolicy>;
  readonly networkPolicies: NetworkPolicyLister;
  readonly objects: KnownObjects["now"];
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly ownNamespace: string;
}): Gathered {
  const { client, policies, networkPolicies, log, ownNamespace } = deps;
  const facts = createNamespaceFacts(deps.namespaces);
  return {
    namespaces: {
      // A namespace created a moment ago may not be in the copy yet.
      get: async (name, signal) =>
        deps.namespaces.get(name) ??
        (await client.get<Namespace>(objectPath(namespaces, name), signal)),
    },
    networkPolicies,
    waiter: createDenyAllWaiter(policies, systemClock),
    reader: createDenyAllReader(client),
    recorder: recordInAll(createDecisionLog(log), createDecisionMetrics(deps.metrics)),
    clock: systemClock,
    cluster: () => ({ ...facts, ...deps.objects() }),
    ownNamespace,
  };
}

function recordInAll(...recorders: readonly DecisionRecorder[]): DecisionRecorder {
  return {
    record: (decision) => {
      for (const recorder of recorders) recorder.record(decision);
    },
  };
}

/** The webhooks of one configuration; a new configuration makes new ones. */
export function createHandlers(
  gathered: Gathered,
  configuration: Configuration,
  clusterRanges: ClusterRanges,
): Handlers {
  const { recorder, clock, ownNamespace } = gathered;
  const { defaults, defaultDeny, exemptions } = configuration;
  const parameters = withClusterCIDRs(configuration, clusterRanges);
  const { version } = defaults;
  const exclusion = parseExclusion(defaultDeny.excludedNamespaces, ownNamespace);
  const judging = {
    defaults: {
      enforce: { level: defaults.enforce, version },
      audit: { level: defaults.audit, version },
      warn: { level: defaults.warn, version },
    },
    evaluate: createEvaluator(parameters),
    exempt: createStaticExemption({
      ...exemptions,
      namespaces: [...exemptions.namespaces, ownNamespace],
    }),
    recorder,
    clock,
  };
  return {
    validate: createValidate({
      ...judging,
      namespaces: gathered.namespaces,
      networkPolicies: gathered.networkPolicies,
      evaluateUpdate: (before, after, how) => evaluateUpdate(parameters, before, after, how),
      advise: createAdviser(parameters, { steps: hastySteps }),
      cluster: gathered.cluster,
    }),
    namespaces: createPreview({ ...judging, networkPolicies: gathered.networkPolicies }),
    mutate: createMutate({
      newNamespaces: defaultDeny.newNamespaces,
      exclusion,
      recorder,
      clock,
    }),
    gate: createGate({
      namespaces: gathered.namespaces,
      waiter: gathered.waiter,
      reader: gathered.reader,
      exclusion,
      recorder,
      clock,
    }),
  };
}
