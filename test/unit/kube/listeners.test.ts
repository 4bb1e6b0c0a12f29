import { expect, test } from "vitest";
import { Listeners } from "../../../src/kube/listeners.ts";

test("a listener that throws or rejects is counted, and the others still hear", async () => {
  const errors: unknown[] = [];
  const heard: number[] = [];
  const listeners = new Listeners<number>((error) => errors.push(error));
  listeners.add(() => {
    throw new Error("thrown");
  });
  listeners.add(async () => {
    throw new Error("rejected");
  });
  listeners.add((change) => void heard.push(change));
  listeners.notify(1);
  await Promise.resolve();
  expect(heard).toEqual([1]);
  expect(errors).toEqual([new Error("thrown"), new Error("rejected")]);
});

test("a removed listener hears nothing any more, and its twin does", () => {
  const heard: number[] = [];
  const listeners = new Listeners<number>(() => {});
  const listen = (change: number): void => void heard.push(change);
  const remove = listeners.add(listen);
  listeners.add(listen);
  remove();
  listeners.notify(1);
  expect(heard).toEqual([1]);
});
