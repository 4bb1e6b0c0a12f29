import { isDeepStrictEqual } from "node:util";
import type { NetworkPolicy } from "../../src/api/networkpolicy.ts";
import { defaultNetworkPolicy } from "../../src/netpol/validity/default.ts";
import {
  type Invalid,
  type Minor,
  validateNetworkPolicy,
} from "../../src/netpol/validity/validate.ts";
import type { RawAnswer } from "./rawclient.ts";

/** Asks an API server what it would make of an object in a namespace. */
export const createPath =
  "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies?dryRun=All&fieldValidation=Strict";

/** How our answer about an object differs from the API server's; empty when it does not. */
export function differences(
  object: NetworkPolicy,
  answer: RawAnswer,
  minor: Minor,
): readonly string[] {
  const ours = validateNetworkPolicy(object, minor);
  if (answer.status === 201) {
    if (ours.length > 0) return [`accepted there, refused here: ${shown(ours)}`];
    return storedDifferently(object, answer);
  }
  // The test asks in one namespace only; objects of another one are as good there.
  if (answer.message.includes("does not match the namespace sent on the request")) return [];
  if (ours.length === 0) return [`refused there, accepted here: ${answer.message}`];
  if (answer.status === 422) return causesDiffer(answer, ours);
  if (answer.status === 400) return decodedDifferently(answer.message, ours);
  return [`an answer that nobody expects: ${answer.status} ${answer.message}`];
}

function causesDiffer({ object }: RawAnswer, ours: readonly Invalid[]): readonly string[] {
  const theirs = new Set(causesOf(object));
  const here = new Set(ours.map(({ path, message }) => line(path, message)));
  return [
    ...[...theirs.difference(here)].map((one) => `only there: ${one}`),
    ...[...here.difference(theirs)].map((one) => `only here: ${one}`),
  ];
}

function causesOf(status: unknown): readonly string[] {
  const causes = field(field(status, "details"), "causes");
  if (!Array.isArray(causes)) return [];
  return causes.map((cause: unknown) =>
    line(String(field(cause, "field")), String(field(cause, "message"))),
  );
}

function field(value: unknown, name: string): unknown {
  return new Map(Object.entries(Object(value))).get(name);
}

/** One refusal, without the five characters that a server makes up. */
function line(path: string, message: string): string {
  const known =
    path === "metadata.name" ? message.replace(/.{5}": a lower/, '?": a lower') : message;
  return `${path}: ${known}`;
}

/** A decoder names all unknown fields, but only the first value of a wrong type. */
function decodedDifferently(message: string, ours: readonly Invalid[]): readonly string[] {
  const strict = /strict decoding error: (.*)$/s.exec(message)?.[1];
  if (strict !== undefined) {
    const here = ours.map((one) => one.message).join(", ");
    return strict === here ? [] : [`there: ${strict}`, `here: ${here}`];
  }
  const [first] = ours;
  if (first === undefined) return [];
  // Of another kind that it knows, the server says that it cannot be converted.
  const isSaid = message.includes(first.message) || message.includes("unknown conversion");
  const place = /struct field \w*\.([\w.]+) of type/.exec(message)?.[1];
  const isPlace = place === undefined || first.path.replaceAll(/\[\d+\]/g, "") === place;
  return isSaid && isPlace ? [] : [`there: ${message}`, `here: ${shown([first])}`];
}

function storedDifferently(
  object: NetworkPolicy,
  { object: theirs }: RawAnswer,
): readonly string[] {
  const ours = defaultNetworkPolicy(object);
  if (isDeepStrictEqual(plain(ours.spec), plain(theirs.spec))) return [];
  return [`stored there: ${JSON.stringify(theirs.spec)}`, `here: ${JSON.stringify(ours.spec)}`];
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function shown(ours: readonly Invalid[]): string {
  return ours.map(({ path, message }) => `${path}: ${message}`).join("; ");
}

/** The minor of a version such as `1.37.2`. */
export function minorOf(version: string): Minor {
  const minors: readonly Minor[] = [34, 35, 36, 37];
  const minor = minors.find((one) => version.startsWith(`1.${one}.`));
  if (minor === undefined) throw new Error(`nobody knows what ${version} validates`);
  return minor;
}
