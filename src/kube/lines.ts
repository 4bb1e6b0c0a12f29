/** An API object is at most a few MiB; anything longer is not a watch line. */
const longestLine = 64 * 1024 * 1024;

/**
 * Splits a stream of bytes into lines, each byte looked at once and copied at most once,
 * however the chunks fall. A stream that ends inside a line is an error: its last event is lost.
 */
export async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, end));
      from = end + 1;
      const line = Buffer.concat(parts).toString("utf8");
      parts = [];
      length = 0;
      if (line !== "") yield line;
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > longestLine) throw new Error(`a line is longer than ${longestLine} bytes`);
  }
  if (length > 0) throw new Error("the stream ended in the middle of a line");
}
