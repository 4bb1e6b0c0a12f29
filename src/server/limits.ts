/** What the server accepts; every field has a default that fits a cluster of any usual size. */
export type Limits = {
  /** A review carries the old and the new object, and JSON escaping can grow both. */
  readonly bodyBytes: number;
  /** How much of a body that is too large is still read, so that its sender gets to the answer. */
  readonly discardBytes: number;
  /** Bodies on their way, all together; beyond it new ones are shed. */
  readonly bufferedBytes: number;
  /** What of that is kept free for small bodies, so that a few large, slow ones shut nobody out. */
  readonly reservedBytes: number;
  /** A body up to this size is small; nearly every review is. */
  readonly smallBytes: number;
  /** Nesting of a review; real ones stay far below. */
  readonly depth: number;
  /** Reviews being decided at once, per webhook; beyond it new ones are shed. */
  readonly inFlight: number;
  readonly headersMilliseconds: number;
  /** Until the whole request, its body included, has arrived. */
  readonly requestMilliseconds: number;
  readonly handshakeMilliseconds: number;
};

const mebibyte = 1_048_576;

export const defaultLimits: Limits = {
  bodyBytes: 16 * mebibyte,
  discardBytes: 64 * mebibyte,
  bufferedBytes: 64 * mebibyte,
  reservedBytes: 16 * mebibyte,
  smallBytes: mebibyte / 4,
  depth: 64,
  inFlight: 500,
  headersMilliseconds: 10_000,
  requestMilliseconds: 15_000,
  handshakeMilliseconds: 5_000,
};
