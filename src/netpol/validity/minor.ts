/** The Kubernetes minor versions whose validation is known: 1.34 to 1.37. */
export type Minor = 34 | 35 | 36 | 37;

/** What the API servers of one minor do unlike those of others. */
export type Dialect = {
  /** Leading zeros, IPv4-mapped blocks and host bits are refused. */
  readonly strictCIDRs: boolean;
  /** What the parts of label keys and values are measured in, by name: always bytes. */
  readonly labelUnit: "characters" | "bytes";
  /** How a key with more than one slash is called. */
  readonly keyNoun: string;
  /** An owner reference is pointed at by its index, and an empty field of it is a required one. */
  readonly ownersByIndex: boolean;
  /** The value that a range is blamed for when it ends before it starts. */
  readonly blamedOfRange: "port" | "endPort";
};

/** The dialect of one minor. */
export function dialectOf(minor: Minor): Dialect {
  return {
    strictCIDRs: minor >= 36,
    labelUnit: minor >= 35 ? "bytes" : "characters",
    keyNoun: minor >= 35 ? "a valid label key" : "a qualified name",
    ownersByIndex: minor >= 37,
    blamedOfRange: minor >= 37 ? "endPort" : "port",
  };
}
