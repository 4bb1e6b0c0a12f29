import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { createBodyReader, type Body } from "../../../src/server/body.ts";

const limits = {
  bodyBytes: 10,
  discardBytes: 20,
  bufferedBytes: 15,
  reservedBytes: 0,
  smallBytes: 0,
};

/** Reads a stream to its end, or to its error. */
function read(readBody: ReturnType<typeof createBodyReader>, stream: PassThrough) {
  return new Promise<Body | undefined>((resolve, reject) => {
    readBody(stream, (error, body) => (error ? reject(error) : resolve(body)));
  });
}

function streamOf(...chunks: readonly string[]): PassThrough {
  const stream = new PassThrough();
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return stream;
}

describe("a request body", () => {
  test("is kept whole up to the limit", async () => {
    const body = await read(createBodyReader(limits), streamOf("12345", "67890"));
    expect(body).toMatchObject({ bytes: Buffer.from("1234567890") });
  });

  test("may be empty", async () => {
    expect(await read(createBodyReader(limits), streamOf())).toMatchObject({
      bytes: Buffer.alloc(0),
    });
  });

  test("one byte over the limit is read to its end, but only its beginning is kept", async () => {
    const body = await read(createBodyReader(limits), streamOf("1234567890", "1", "234"));
    expect(body).toMatchObject({ head: Buffer.from("12345678901"), unread: false });
  });

  test("far over the limit is not waited for", async () => {
    const stream = new PassThrough();
    const body = read(createBodyReader(limits), stream);
    stream.write("x".repeat(21));
    expect(await body).toMatchObject({ unread: true });
  });

  test("that breaks off is an error", async () => {
    const stream = new PassThrough();
    const body = read(createBodyReader(limits), stream);
    stream.write("123");
    stream.destroy();
    await expect(body).rejects.toThrow("the connection ended before the body did");
  });
});

test("bodies that are too many together are shed, and the room comes back", async () => {
  const readBody = createBodyReader(limits);
  const slow = new PassThrough();
  const first = read(readBody, slow);
  slow.write("1234567890");
  await new Promise(setImmediate);
  expect(await read(readBody, streamOf("123456"))).toMatchObject({ shed: true });
  slow.end();
  expect(await first).toMatchObject({ bytes: Buffer.from("1234567890") });
  const broken = new PassThrough();
  const lost = read(readBody, broken);
  broken.write("1234567890");
  await new Promise(setImmediate);
  broken.destroy();
  await expect(lost).rejects.toThrow("the connection ended");
  expect(await read(readBody, streamOf("1234567890"))).toHaveProperty("bytes");
});

test("large bodies that never end leave room for small ones", async () => {
  const readBody = createBodyReader({ ...limits, reservedBytes: 5, smallBytes: 3 });
  const slow = new PassThrough();
  const first = read(readBody, slow);
  slow.write("1234567890");
  await new Promise(setImmediate);
  expect(await read(readBody, streamOf("1234"))).toMatchObject({ shed: true });
  expect(await read(readBody, streamOf("123"))).toMatchObject({ bytes: Buffer.from("123") });
  slow.end();
  expect(await first).toHaveProperty("bytes");
});
