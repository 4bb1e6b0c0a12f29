/** The one Secret that holds the authority, with its data decoded. */
export type StoredSecret = {
  readonly resourceVersion: string;
  readonly data: ReadonlyMap<string, string>;
};

/** Access to that Secret, and to no other. Outages are thrown. */
export type SecretStore = {
  /** A live read; undefined when there is no such Secret. */
  get(signal: AbortSignal): Promise<StoredSecret | undefined>;
  create(data: ReadonlyMap<string, string>, signal: AbortSignal): Promise<"created" | "exists">;
  /** Replaces the data if nobody wrote since `resourceVersion`. */
  update(
    data: ReadonlyMap<string, string>,
    resourceVersion: string,
    signal: AbortSignal,
  ): Promise<"updated" | "conflict">;
};
