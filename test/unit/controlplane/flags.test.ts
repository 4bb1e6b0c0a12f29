import { expect, test } from "vitest";
import { renderFlags } from "../../../src/controlplane/flags.ts";

test("flags are rendered with their values, a list repeats its flag", () => {
  const flags = { "secure-port": "6443", "service-account-key-file": ["a", "b"] };
  expect(renderFlags(flags)).toEqual([
    "--secure-port=6443",
    "--service-account-key-file=a",
    "--service-account-key-file=b",
  ]);
});

test("the caller's flags replace defaults, null leaves one out, new ones follow", () => {
  const overrides = { port: "2", profiling: null, v: "4" };
  expect(renderFlags({ port: "1", profiling: "true" }, overrides)).toEqual(["--port=2", "--v=4"]);
});
