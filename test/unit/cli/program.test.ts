import { Command, CommanderError } from "commander";
import { expect, test } from "vitest";
import { withManifestCommands } from "../../../src/cli/manifestcommands.ts";

/** What the actions are called with, or the message that the user gets instead. */
async function run(...args: readonly string[]): Promise<unknown> {
  let seen: unknown;
  let message = "";
  const codes: number[] = [];
  const program = withManifestCommands(
    new Command().exitOverride(),
    {
      lint: async (paths, options) => {
        seen = { paths, ...options };
        return 1;
      },
      explain: async (rule) => {
        seen = { rule };
        return 2;
      },
    },
    (code) => codes.push(code),
  );
  for (const command of program.commands) {
    command.exitOverride().configureOutput({ writeErr: (text) => (message += text) });
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return message.trim();
    throw error;
  }
  return { seen, codes };
}

test("lint takes paths, and everything else has a default", async () => {
  expect(await run("lint", "a.yaml", "-")).toEqual({
    seen: { paths: ["a.yaml", "-"], namespace: "default", output: [] },
    codes: [1],
  });
});

test("every option of lint is understood", async () => {
  const args = ["d", "--config", "c.yaml", "--level", "restricted", "-n", "shop"];
  const rest = ["--kubernetes", "1.36", "-o", "text", "-o", "json=a=b.json"];
  expect(await run("lint", ...args, ...rest)).toMatchObject({
    seen: {
      paths: ["d"],
      config: "c.yaml",
      level: "restricted",
      namespace: "shop",
      kubernetes: "1.36",
      output: [{ format: "text" }, { format: "json", file: "a=b.json" }],
    },
  });
});

test.each<[readonly string[], string]>([
  [[], "error: missing required argument 'path'"],
  [
    ["d", "--level", "strict"],
    "error: option '--level <level>' argument 'strict' is invalid. Allowed choices are privileged, baseline, restricted.",
  ],
  [
    ["d", "-o", "xml"],
    `error: option '-o, --output <format[=file]>' argument 'xml' is invalid. "xml" is not one of text, json.`,
  ],
  [
    ["d", "-o", "json="],
    "error: option '-o, --output <format[=file]>' argument 'json=' is invalid. The file has no name.",
  ],
  [
    ["d", "-o", "json", "-o", "text"],
    "error: option '-o, --output <format[=file]>' argument 'text' is invalid. Two reports cannot both go to standard output.",
  ],
  [
    ["d", "-o", "json=x", "-o", "text=x"],
    "error: option '-o, --output <format[=file]>' argument 'text=x' is invalid. Two reports cannot both go to x.",
  ],
])("lint %j is refused", async (args, message) => {
  expect(await run("lint", ...args)).toBe(message);
});

test("explain takes a rule or nothing", async () => {
  expect(await run("explain", "no-anyone")).toEqual({ seen: { rule: "no-anyone" }, codes: [2] });
  expect(await run("explain")).toEqual({ seen: { rule: undefined }, codes: [2] });
});
