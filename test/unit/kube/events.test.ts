import { pino } from "pino";
import { expect, test } from "vitest";
import { ApiError, ConnectionError } from "../../../src/kube/apierror.ts";
import type { EventNote } from "../../../src/kube/eventobject.ts";
import { createEventSender } from "../../../src/kube/events.ts";
import { ManualClock } from "./manualclock.ts";

const regarding = {
  apiVersion: "v1",
  kind: "Namespace",
  name: "shop",
  namespace: "shop",
  uid: "u1",
};
const note: EventNote = {
  regarding,
  type: "Warning",
  reason: "DefaultDenyRepaired",
  action: "Repair",
  note: "It was put right.",
};

type Sent = readonly [verb: string, path: string, object: unknown];

function sending(answer: (sent: Sent) => Promise<void> = async () => undefined) {
  const clock = new ManualClock();
  const sent: Sent[] = [];
  const outcomes: string[] = [];
  const take = async <T>(verb: string, path: string, object: T): Promise<T> => {
    const request = [verb, path, object] as const;
    sent.push(request);
    await answer(request);
    return object;
  };
  const sender = createEventSender({
    client: {
      create: async (path, object) => take("create", path, object),
      patch: async (path, object) => JSON.parse(JSON.stringify(await take("patch", path, object))),
    },
    controller: "ringfence.dev/controller",
    instance: "controller-0",
    log: pino({ level: "silent" }),
    clock,
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  const abort = new AbortController();
  const ended = sender.start(abort.signal);
  const stop = async (): Promise<void> => {
    abort.abort();
    await ended;
  };
  return { ...sender, clock, sent, outcomes, stop };
}

const collection = "/apis/events.k8s.io/v1/namespaces/shop/events";

test("an Event is what events.k8s.io/v1 wants, in the namespace that it is about", async () => {
  const { send, clock, sent, outcomes } = sending();
  send(note);
  await clock.advance(0);
  expect(sent).toEqual([
    [
      "create",
      collection,
      {
        apiVersion: "events.k8s.io/v1",
        kind: "Event",
        metadata: { name: "shop.19b76daa8001", namespace: "shop" },
        eventTime: "2026-01-01T00:00:00.000000Z",
        reportingController: "ringfence.dev/controller",
        reportingInstance: "controller-0",
        type: "Warning",
        reason: "DefaultDenyRepaired",
        action: "Repair",
        note: "It was put right.",
        regarding,
      },
    ],
  ]);
  expect(outcomes).toEqual(["sent"]);
});

test("what repeats itself is one Event whose count is told every five minutes", async () => {
  const { send, clock, sent, outcomes } = sending();
  for (let step = 0; step < 40; step += 1) {
    send(note);
    await clock.advance(10_000);
  }
  await clock.advance(5 * 60_000);
  expect(sent.map(([verb, path]) => `${verb} ${path}`)).toEqual([
    `create ${collection}`,
    `patch ${collection}/shop.19b76daa8001`,
    `patch ${collection}/shop.19b76daa8001`,
  ]);
  expect(sent.slice(1).map(([, , object]) => object)).toEqual([
    { series: { count: 30, lastObservedTime: "2026-01-01T00:04:50.000000Z" } },
    { series: { count: 40, lastObservedTime: "2026-01-01T00:06:30.000000Z" } },
  ]);
  expect(outcomes.filter((outcome) => outcome === "repeated")).toHaveLength(39);
});

test("after a quiet time it is another Event, and so is another reason", async () => {
  const { send, clock, sent } = sending();
  send(note);
  send({ ...note, reason: "NamespaceUnmarked" });
  send({ ...note, distinct: "another" });
  await clock.advance(6 * 60_000);
  send(note);
  await clock.advance(1000);
  expect(sent.map(([verb]) => verb)).toEqual(["create", "create", "create", "create"]);
});

test("at most five are sent in a second, and of very many most are dropped", async () => {
  const { send, clock, sent, outcomes } = sending();
  for (let index = 0; index < 10_500; index += 1) {
    const name = `n${index}`;
    send({ ...note, type: "Normal", regarding: { ...regarding, name, namespace: name } });
  }
  expect(outcomes).toEqual(Array.from({ length: 500 }, () => "dropped"));
  await clock.advance(9999);
  expect(sent).toHaveLength(50);
});

test("a warning does not wait behind what is no trouble", async () => {
  const { send, clock, sent } = sending();
  for (let index = 0; index < 100; index += 1) {
    send({ ...note, type: "Normal", distinct: `${index}` });
  }
  send(note);
  await clock.advance(200);
  expect(sent.map(([, , object]) => object)).toMatchObject([
    { type: "Warning" },
    { type: "Normal" },
  ]);
});

test("outages are waited out for a while, refusals are final, and neither is anybody's trouble", async () => {
  let error: Error = new ConnectionError("POST", new Error("reset"));
  const { send, clock, sent, outcomes, stop } = sending(async () => Promise.reject(error));
  send(note);
  await clock.advance(60_000);
  expect([sent.length, outcomes]).toEqual([3, ["failed"]]);

  error = new ApiError("POST", 403, { causes: [{ reason: "NamespaceTerminating" }] });
  send(note);
  await clock.advance(60_000);
  expect([sent.length, outcomes]).toEqual([4, ["failed", "failed"]]);
  send(note);
  await stop();
});

test("a long note is cut between characters", async () => {
  const { send, clock, sent } = sending();
  send({ ...note, note: `x${"ä".repeat(600)}` });
  await clock.advance(0);
  const [[, , object] = []] = sent;
  expect(object).toMatchObject({ note: `x${"ä".repeat(511)}` });
});
