import { type Document, LineCounter, parseAllDocuments } from "yaml";

import { checkParameters } from "../engine/parameters.ts";
import type { LevelParameters } from "../rules/parameters.ts";
import { check } from "./check.ts";
import { compareLevels } from "./compare.ts";
import type { ConfigurationError, Loaded } from "./configuration.ts";
import { lineOf } from "./locate.ts";
import { fieldPath, type Problem } from "./problem.ts";
import { resolve } from "./resolve.ts";
import { validate } from "./validate.ts";

/** Larger than any ConfigMap can be; a bigger file is the wrong file. */
const maxLength = 1024 * 1024;

/** Parses one configuration file: a whole configuration, or everything that is wrong with it. */
export function parseConfiguration(text: string, standard: LevelParameters): Loaded {
  if (text.length > maxLength) return failure("is larger than 1 MiB: not a configuration file");
  const lines = new LineCounter();
  const documents: readonly Document.Parsed[] = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
  });
  const syntax = documents.flatMap((each) => [...each.errors, ...each.warnings]);
  if (syntax.length > 0) {
    return {
      errors: syntax.map((error) => ({
        path: "",
        message: `is not valid YAML: ${error.message}`,
        line: lines.linePos(error.pos[0]).line,
      })),
    };
  }
  const [document, second] = documents.filter((each) => each.contents !== null);
  if (document === undefined) return failure("is empty: leave --config out to use the defaults");
  if (second !== undefined) {
    return failure("holds more than one document", lines.linePos(second.range[0]).line);
  }
  const input = toValue(document);
  if ("error" in input) return failure(input.error);
  const judged = judge(input.value, standard);
  if (!Array.isArray(judged)) return judged;
  return {
    errors: judged.map((problem) => located(problem, lineOf(document, problem.at, lines))),
  };
}

function judge(
  input: unknown,
  standard: LevelParameters,
): Exclude<Loaded, { errors: unknown }> | Problem[] {
  const validated = validate(input);
  if ("problems" in validated) return validated.problems;
  const configuration = resolve(validated.file, standard);
  const problems = [...check(validated.file), ...compareLevels(configuration.parameters)];
  if (problems.length > 0) return problems;
  // The engine has the last word: what it could not judge by must not be loaded.
  const unusable = checkParameters(configuration.parameters);
  if (unusable.length === 0) return { configuration };
  return unusable.map(({ path, message }) => ({ at: segments(`parameters.${path}`), message }));
}

function segments(path: string): readonly string[] {
  return path.split(/[.[\]]+/).filter((segment) => segment !== "");
}

/** Aliases are followed here; a file that multiplies itself through them ends as a problem. */
function toValue(document: Document.Parsed): { value: unknown } | { error: string } {
  try {
    return { value: document.toJS() };
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    return { error: `is not valid YAML: ${cause.message}` };
  }
}

function located(problem: Problem, line: number | undefined): ConfigurationError {
  const { at, message, value } = problem;
  return {
    path: fieldPath(at),
    ...("value" in problem ? { value } : {}),
    message,
    ...(line === undefined ? {} : { line }),
  };
}

function failure(message: string, line?: number): { errors: ConfigurationError[] } {
  return { errors: [{ path: "", message, ...(line === undefined ? {} : { line }) }] };
}
