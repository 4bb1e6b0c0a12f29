const quote = 0x22;
const backslash = 0x5c;
/** `[` and `{` differ in this bit alone, and so do `]` and `}`. */
const braceBit = 0x20;
const open = 0x7b;
const close = 0x7d;

/** Whether JSON text nests deeper than `limit`; one pass over the bytes, before anything recurses. */
export function isDeeperThan(json: Uint8Array, limit: number): boolean {
  const { length } = json;
  let depth = 0;
  let index = 0;
  while (index < length) {
    let byte = json[index] ?? 0;
    index += 1;
    if (byte === quote) {
      // The inner loop makes no calls: this runs for every byte of every review.
      while (index < length) {
        byte = json[index] ?? 0;
        index += 1;
        if (byte === quote) break;
        if (byte === backslash) index += 1;
      }
    } else {
      byte |= braceBit;
      if (byte === open) {
        depth += 1;
        if (depth > limit) return true;
      } else if (byte === close) depth -= 1;
    }
  }
  return false;
}
