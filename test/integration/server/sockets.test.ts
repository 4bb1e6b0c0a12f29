import { once } from "node:events";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policyRequest, reviewOf } from "../../support/review.ts";
import { readAll, reviewIn, startServer } from "../../support/reviewserver.ts";

const { uid } = policyRequest();
const good = reviewOf(policyRequest());
const webhook = "validate";

let running: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  const limits = { requestMilliseconds: 400, headersMilliseconds: 300, bodyBytes: 10_000 };
  running = await startServer({ limits: { ...limits, discardBytes: 50_000 } });
});

afterAll(async () => {
  await running.server[Symbol.asyncDispose]();
});

function head(length: number): string {
  return `POST /v1/validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
}

/** Whether the server still decides after what was done to it. */
async function stillWorks(): Promise<boolean> {
  const answer = await running.send("/v1/validate", good);
  return reviewIn(answer, { webhook, uid })["allowed"] === true;
}

describe("a connection that does not keep to the rules", () => {
  test("bytes that are not HTTP are answered by 400", async () => {
    const socket = await running.open();
    socket.write("hello\r\n\r\n");
    expect(await readAll(socket)).toContain("HTTP/1.1 400 Bad Request");
    expect(await stillWorks()).toBe(true);
  });

  test("headers beyond all measure are answered by 431", async () => {
    const socket = await running.open();
    socket.write(`POST /v1/validate HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(40_000)}\r\n\r\n`);
    expect(await readAll(socket)).toContain("HTTP/1.1 431 Request Header Fields Too Large");
    expect(await stillWorks()).toBe(true);
  });

  test("headers that do not come to an end are answered by 408", async () => {
    const socket = await running.open();
    socket.write("POST /v1/validate HTTP/1.1\r\nHost: x\r\n");
    expect(await readAll(socket)).toContain("HTTP/1.1 408 Request Timeout");
    expect(await stillWorks()).toBe(true);
  });

  test("a body that comes too slowly is answered by 408, never by a yes", async () => {
    const socket = await running.open();
    socket.write(head(good.length) + good.slice(0, 100));
    const answer = await readAll(socket);
    expect(answer).toContain("HTTP/1.1 408 Request Timeout");
    expect(answer).not.toContain("allowed");
    expect(await stillWorks()).toBe(true);
  });

  test("a body that breaks off leaves nothing behind", async () => {
    const socket = await running.open();
    socket.write(head(good.length) + good.slice(0, 100));
    socket.destroy();
    await once(socket, "close");
    expect(await stillWorks()).toBe(true);
  });

  test("a body without end is refused under its uid, and the connection closed", async () => {
    const socket = await running.open();
    const start = `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"${uid}"`;
    socket.write(head(10_000_000) + start + " ".repeat(60_000));
    const answer = await readAll(socket);
    const [headers = "", body = ""] = answer.split("\r\n\r\n", 2);
    expect(headers.toLowerCase()).toContain("connection: close");
    expect(JSON.parse(body)).toMatchObject({
      response: { uid, allowed: false, status: { code: 413 } },
    });
    expect(await stillWorks()).toBe(true);
  });

  test("a body in many small pieces is read like any other", async () => {
    const socket = await running.open();
    socket.write(head(good.length).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    for (let index = 0; index < good.length; index += 50) {
      socket.write(good.slice(index, index + 50));
    }
    expect(await readAll(socket)).toContain('"allowed":true');
  });
});

describe("TLS", () => {
  test("speaks HTTP/1.1 where HTTP/2 is offered too", async () => {
    const socket = connect({
      ...running.target,
      servername: "localhost",
      ALPNProtocols: ["h2", "http/1.1"],
    });
    await once(socket, "secureConnect");
    expect(socket.alpnProtocol).toBe("http/1.1");
    socket.destroy();
  });

  test("1.1 is refused, 1.2 is not", async () => {
    const old = connect({
      ...running.target,
      minVersion: "TLSv1.1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    await expect(once(old, "secureConnect")).rejects.toThrow(/alert|protocol version/i);
    const current = connect({ ...running.target, servername: "localhost", maxVersion: "TLSv1.2" });
    await once(current, "secureConnect");
    expect(current.getProtocol()).toBe("TLSv1.2");
    current.destroy();
  });
});
