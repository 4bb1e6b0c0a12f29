import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/engine/finding.ts";
import { renderRefusal } from "../../../src/engine/message.ts";

const refused = { namespace: "shop", name: "web", level: "baseline", version: "v1" } as const;

function finding(index: number, fix = "Add peers."): Finding {
  return {
    rule: "no-anyone",
    level: "baseline",
    path: `spec.ingress[${index}]`,
    message: "everyone gets in",
    why: "A wildcard.",
    fix,
    witness: "a stranger gets in on TCP 80",
  };
}

describe("the message of a refusal", () => {
  it("names policy, level and namespace, and lists every finding", () => {
    const findings = [finding(0), finding(3)];
    expect(renderRefusal(refused, { findings, notes: [] })).toBe(
      [
        'NetworkPolicy "web" violates the network policy standard baseline (v1) of namespace "shop", 2 findings:',
        "1. no-anyone at spec.ingress[0]: everyone gets in",
        "   proof: a stranger gets in on TCP 80",
        "   fix: Add peers.",
        "2. no-anyone at spec.ingress[3]: everyone gets in",
        "   proof: a stranger gets in on TCP 80",
        "   fix: Add peers.",
        "Learn more: ringfence explain no-anyone",
      ].join("\n"),
    );
  });

  it("stays below 16 KiB and counts what it leaves out", () => {
    const findings = Array.from({ length: 5_000 }, (_, index) => finding(index, "ü".repeat(3_000)));
    const message = renderRefusal(refused, { findings, notes: [] });
    expect(new TextEncoder().encode(message).length).toBeLessThan(16_384);
    expect(message).toMatch(/\nand 4997 more\nLearn more: ringfence explain no-anyone$/);
  });

  it("says why nothing could be judged", () => {
    const unjudged = { path: "spec", message: "is too complex to judge" };
    expect(renderRefusal({ ...refused, name: "" }, { findings: [], unjudged, notes: [] })).toBe(
      'the NetworkPolicy cannot be judged by the network policy standard baseline (v1) of namespace "shop": spec is too complex to judge. What cannot be judged is refused.',
    );
  });
});
