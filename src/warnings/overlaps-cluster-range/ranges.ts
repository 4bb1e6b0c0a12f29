import type { AddressSet } from "../../rules/standard.ts";
import type { Inspected } from "../warning.ts";

/** Addresses of one kind of owner, and what it means to name them in a block. */
export type KnownRange = Owners & { readonly addresses: AddressSet };

type Owners = {
  readonly owners: string;
  readonly why: string;
  readonly fix: string;
  /** One single address of them may well be meant. */
  readonly ofManyOnly: boolean;
};

const services: Owners = {
  owners: "services",
  why: "most plugins see the address of a pod instead, so this opens nothing",
  fix: "Select the pods behind the service by their labels, with the port that they listen on.",
  ofManyOnly: false,
};

const pods: Owners = {
  owners: "pods",
  why: "most plugins let whichever pod has them at the time through",
  fix: "Select the pods by their labels.",
  ofManyOnly: false,
};

const nodes: Owners = {
  owners: "nodes",
  why: "kubelets and pods on the host's network have them as well",
  fix: "List only the addresses that are meant, each as a block of its own.",
  ofManyOnly: true,
};

/** Where a list of ranges does not say whose they are. */
const podsOrServices: Owners = {
  owners: "own pods or services",
  why: "pods change theirs, and most plugins never see those of services",
  fix: "Select the pods by their labels, with the port that they listen on.",
  ofManyOnly: false,
};

/** Every range that is known; those of the standard where nobody knows more. */
export function rangesOf({ cluster, standard }: Inspected): readonly KnownRange[] {
  const { ranges } = cluster ?? {};
  const known = [
    { owners: services, addresses: ranges?.services },
    { owners: pods, addresses: ranges?.pods },
    { owners: nodes, addresses: ranges?.nodes },
    {
      owners: standard.knowsPodRanges ? podsOrServices : services,
      addresses: standard.clusterRanges,
    },
  ];
  return known.flatMap(({ owners, addresses }) =>
    addresses === undefined ? [] : [{ ...owners, addresses }],
  );
}
