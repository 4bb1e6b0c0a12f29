import type { Finding } from "../../src/engine/finding.ts";

const spellingRules: ReadonlySet<string> = new Set([
  "no-ambiguous-address",
  "require-canonical-address",
]);

/** The oracle's place of a finding: rule, peer, one written address, or annotation key. */
export function keyOf({ rule, path }: Finding): string {
  if (rule === "no-weakening-annotation")
    return path.replace(/^metadata\.annotations\[?"?|"?\]$/g, "");
  const found = /^spec\.(ingress|egress)(?:(\[\d+\])(?:\.(?:from|to)(\[\d+\]))?(.*))?$/.exec(path);
  if (!found) return path;
  const [, direction = "", index = "", position = "", rest = ""] = found;
  const spelling = /\.(cidr|except\[\d+\])$/.exec(rest)?.[0] ?? "";
  return `${direction}${index}${position}${spellingRules.has(rule) ? spelling : ""}`;
}
