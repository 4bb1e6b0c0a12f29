import { homedir } from "node:os";
import { expect, test } from "vitest";
import { cacheDirectory } from "../../../src/controlplane/cache.ts";

test("the cache is under XDG_CACHE_HOME when that is an absolute path", () => {
  const environment = { XDG_CACHE_HOME: "/var/cache/me", HOME: "/home/me" };
  expect(cacheDirectory(environment)).toBe("/var/cache/me/ringfence/controlplane");
});

test.each([undefined, "", "relative/path"])(
  "XDG_CACHE_HOME %j is passed over for ~/.cache",
  (value) => {
    const environment = { XDG_CACHE_HOME: value, HOME: "/home/me" };
    expect(cacheDirectory(environment)).toBe("/home/me/.cache/ringfence/controlplane");
  },
);

test("without HOME the user's home directory is asked of the system", () => {
  expect(cacheDirectory({})).toBe(`${homedir()}/.cache/ringfence/controlplane`);
});
