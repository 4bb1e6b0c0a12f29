import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { Meter } from "../netpol/meter.ts";
import type { Model, PolicyRule } from "../netpol/model.ts";
import type { Standard } from "../rules/standard.ts";
import type { ClusterFacts } from "./cluster.ts";

/** One warning of the standard: it informs and never refuses. Its id is the name of its folder. */
export type Warning = {
  readonly id: string;
  /** What the warning is about, in one sentence. */
  readonly summary: string;
  readonly inspect: (inspected: Inspected) => readonly Advice[];
};

/** Everything a warning may look at. */
export type Inspected = {
  readonly policy: Model;
  /** The object as it stands on the wire. */
  readonly written: NetworkPolicy;
  /** The rules that take effect: of a direction in `policyTypes`, of a subject that can match. */
  readonly rules: readonly PolicyRule[];
  /** The other policies of the namespace; undefined where nobody knows them. */
  readonly neighbours: readonly Model[] | undefined;
  /** Missing where nothing is known of the cluster. */
  readonly cluster?: ClusterFacts;
  readonly standard: Standard;
  readonly meter: Meter;
};

/** Something that is probably not meant: where, what, and what to write instead. */
export type Advice = {
  readonly path: string;
  readonly message: string;
  readonly fix: string;
};
