import { describe, expect, test } from "vitest";
import { judgePods } from "../../../src/isolation/olderpods.ts";

const denyAll = { creationTimestamp: "2026-01-01T00:00:10Z" };

function pod(second: number, resourceVersion = "90") {
  const creationTimestamp = `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`;
  return { name: "web", creationTimestamp, resourceVersion };
}

const older = { older: ["web"], undecided: [] };
const undecided = { older: [], undecided: ["web"] };
const younger = { older: [], undecided: [] };

describe("by timestamps, which are whole seconds and come shortly before the gate", () => {
  test.each([
    [11, younger],
    [10, undecided],
    [9, undecided],
    [8, older],
    [0, older],
  ])("a pod of second %i beside a deny-all of second 10", (second, outcome) => {
    expect(judgePods([pod(second)], { denyAll })).toEqual(outcome);
  });
});

describe("by revisions, where that of the new deny-all is known to be 50", () => {
  test.each([
    ["last written before it: it was there", pod(10, "49"), older],
    ["written since, perhaps only scheduled", pod(10, "51"), undecided],
    ["without a revision that is a number", pod(10, ""), undecided],
    ["younger by its timestamp", pod(11, "49"), younger],
  ])("a pod that was %s", (_name, found, outcome) => {
    expect(judgePods([found], { denyAll, born: 50n })).toEqual(outcome);
  });
});

test("without timestamps nobody can tell", () => {
  expect(judgePods([{ name: "web" }], { denyAll })).toEqual(undecided);
  expect(judgePods([pod(0)], { denyAll: {} })).toEqual(undecided);
});
