import * as fc from "fast-check";
import { expect, test } from "vitest";
import { lines } from "../../../src/kube/lines.ts";

async function* chunked(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const size of [...sizes, bytes.length]) {
    yield bytes.subarray(from, from + size);
    from += size;
  }
}

async function allOf(stream: AsyncIterable<string>): Promise<readonly string[]> {
  const seen: string[] = [];
  for await (const line of stream) seen.push(line);
  return seen;
}

test("lines are the same however the bytes are cut, within characters too", async () => {
  const text = fc.string({ unit: "binary" }).map((line) => line.replaceAll("\n", "") || "x");
  await fc.assert(
    fc.asyncProperty(
      fc.array(text),
      fc.array(fc.integer({ min: 0, max: 5 })),
      async (expected, sizes) => {
        const bytes = Buffer.from(expected.map((line) => `${line}\n`).join(""));
        const whole = expected.map((line) => Buffer.from(line).toString());
        expect(await allOf(lines(chunked(bytes, sizes)))).toEqual(whole);
      },
    ),
  );
});

test("empty lines are skipped", async () => {
  expect(await allOf(lines(chunked(Buffer.from("\na\n\n"), [])))).toEqual(["a"]);
});

test("a stream that ends inside a line gives its whole lines and then fails", async () => {
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for await (const line of lines(chunked(Buffer.from("a\nb"), [1]))) seen.push(line);
  };
  await expect(read()).rejects.toThrow("the stream ended in the middle of a line");
  expect(seen).toEqual(["a"]);
});
