import { expect, test } from "vitest";
import type { Assets } from "../../../src/controlplane/assets.ts";
import { chooseSource } from "../../../src/controlplane/provide.ts";
import type { Source } from "../../../src/controlplane/source.ts";

const assets: Assets = {
  directory: "/somewhere",
  version: "1.37.2",
  etcdVersion: "3.7.0",
  etcd: "/somewhere/etcd",
  kubeApiServer: "/somewhere/kube-apiserver",
  kubeControllerManager: undefined,
  kubectl: undefined,
};
const signal = new AbortController().signal;

function source(
  name: string,
  asked: string[],
  answer: Awaited<ReturnType<Source["find"]>>,
): Source {
  return {
    name,
    find: async () => {
      asked.push(name);
      return answer;
    },
  };
}

test("sources are asked in their order, and none after the first that has binaries", async () => {
  const asked: string[] = [];
  const told: string[] = [];
  const sources = [
    source("first", asked, {}),
    source("second", asked, { problem: "nobody answers" }),
    source("third", asked, { assets }),
    source("fourth", asked, { assets }),
  ];
  const provision = await chooseSource(sources, (problem) => told.push(problem), signal);
  expect(provision).toEqual({ assets, source: "third", problems: ["nobody answers"] });
  expect(asked).toEqual(["first", "second", "third"]);
  expect(told).toEqual(["nobody answers"]);
});

test("without any binaries the result says why of each source", async () => {
  const sources = [
    source("a", [], { problem: "no network" }),
    source("b", [], { problem: "no Go" }),
  ];
  const provision = await chooseSource(sources, () => undefined, signal);
  expect(provision).toEqual({
    assets: undefined,
    source: undefined,
    problems: ["no network", "no Go"],
  });
});

test("a source that is broken, not merely empty, ends the search", async () => {
  const asked: string[] = [];
  const broken: Source = { name: "broken", find: () => Promise.reject(new Error("set but wrong")) };
  const search = chooseSource([broken, source("next", asked, { assets })], () => undefined, signal);
  await expect(search).rejects.toThrow("set but wrong");
  expect(asked).toEqual([]);
});
