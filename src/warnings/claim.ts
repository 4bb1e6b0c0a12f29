import type { NetworkPolicy } from "../api/networkpolicy.ts";
import type { Direction } from "../netpol/model.ts";

/** A text that says what a policy denies. */
export type Claim = {
  readonly path: string;
  readonly text: string;
  /** The directions that it names; undefined: some direction, nobody can tell which. */
  readonly directions: readonly Direction[] | undefined;
};

const denying = new Set(["deny", "denies", "denied", "denying"]);
const isolating = new Set(["isolate", "isolates", "isolated", "isolation", "quarantine"]);
const blocking = new Set(["block", "blocks"]);
/** Texts with one of these may mean anything. */
const turning = new Set(
  "allow allows allowed allowing allowlist permit permits open accept except exception exempt exclude disable disabled remove bypass override un non no not without unless but only skip whitelist whitelisted".split(
    " ",
  ),
);
const everything = new Set(["all", "everything", "any"]);
const filling = new Set(["traffic", "network", "by", "default", "policy", "netpol", "np", "v"]);
const directionOf = new Map<string, Direction>([
  ["ingress", "ingress"],
  ["inbound", "ingress"],
  ["incoming", "ingress"],
  ["egress", "egress"],
  ["outbound", "egress"],
  ["outgoing", "egress"],
]);
/** After such a word a direction is a part of a name: an ingress controller, an egress gateway. */
const things = new Set(
  "controller gateway gw proxy nginx router node nodes host ip class".split(" "),
);
const mostWords = 24;

/** What the name and the description of a policy say that it denies. */
export function claimsOf({ metadata }: NetworkPolicy): readonly Claim[] {
  const annotations = Object.entries(metadata?.annotations ?? {})
    .filter(([key]) => key === "description" || key.endsWith("/description"))
    .map(([key, text]) => [`metadata.annotations[${JSON.stringify(key)}]`, text] as const);
  const texts: readonly (readonly [string, unknown])[] = [
    ["metadata.name", metadata?.name || metadata?.generateName],
    ...annotations,
  ];
  return texts.flatMap(([path, text]) => {
    if (typeof text !== "string" || text.length > 253) return [];
    const claimed = claimedBy(
      text
        .toLowerCase()
        .split(/[^a-z]+/)
        .filter((word) => word !== ""),
    );
    return claimed === undefined ? [] : [{ path, text, directions: claimed.directions }];
  });
}

function claimedBy(words: readonly string[]): Pick<Claim, "directions"> | undefined {
  if (words.length > mostWords || words.some((word) => turning.has(word))) return undefined;
  const at = words.findIndex(
    (word) => denying.has(word) || isolating.has(word) || blocking.has(word),
  );
  if (at < 0) return undefined;
  const directions = namedAround(words, at);
  if (directions.length > 0) return { directions };
  const rest = words.slice(at + 1);
  const isAll =
    !isolating.has(words[at] ?? "") &&
    everything.has(rest[0] ?? "") &&
    rest.slice(1).every((word) => filling.has(word)) &&
    !words.some((word) => directionOf.has(word));
  if (isAll) return { directions: ["ingress", "egress"] };
  return blocking.has(words[at] ?? "") ? undefined : { directions: undefined };
}

/** The directions right behind the word, or right before it where the text begins with them. */
function namedAround(words: readonly string[], at: number): readonly Direction[] {
  const named = new Set<Direction>();
  for (const [index, word] of words.entries()) {
    if (index <= at || everything.has(word) || filling.has(word) || word === "and") continue;
    const direction = directionOf.get(word);
    if (direction === undefined || things.has(words[index + 1] ?? "")) break;
    named.add(direction);
  }
  if (named.size > 0) return [...named];
  const before = words.slice(0, at).filter((word) => word !== "default");
  const [only = ""] = before;
  const direction = before.length === 1 ? directionOf.get(only) : undefined;
  return direction === undefined ? [] : [direction];
}
