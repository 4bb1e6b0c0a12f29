import { pino } from "pino";
import { expect, test } from "vitest";
import type { CompanionEvent } from "../../../src/isolation/dns/ports.ts";
import { createCompanionReporter } from "../../../src/wiring/companionreporter.ts";
import { allowKubeDNS, dnsPorts } from "../isolation/dns/clusters.ts";

function logged(event: CompanionEvent): unknown {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  createCompanionReporter(pino({ base: null, timestamp: false }, stream)).report(event);
  expect(lines.length).toBe(1);
  return JSON.parse(lines[0] ?? "");
}

const levels = { info: 30, warn: 40, error: 50 };
const msg = "DNS of isolated namespaces";

test("what is allowed is a line that can be read", () => {
  const local = { to: [{ ipBlock: { cidr: "169.254.20.10/32" } }], ports: dnsPorts };
  const problems = ["Service kube-system/coredns selects no pods"];
  const event = { kind: "dns-found", egress: [...allowKubeDNS, local], problems } as const;
  expect(logged(event)).toEqual({
    level: levels.info,
    event: "dns-found",
    problems,
    allows: [
      "kube-system/{k8s-app=kube-dns} on UDP 53, TCP 53",
      "169.254.20.10/32 on UDP 53, TCP 53",
    ],
    msg,
  });
});

test("DNS that is not found is a warning", () => {
  expect(logged({ kind: "dns-not-found", problems: [] })).toEqual({
    level: levels.warn,
    event: "dns-not-found",
    problems: [],
    msg,
  });
});

test("a failed write is an error with its cause", () => {
  const event = { namespace: "shop", failures: 1, retryInMs: 1000 };
  expect(logged({ kind: "companion-failed", error: new Error("refused"), ...event })).toMatchObject(
    {
      level: levels.error,
      event: "companion-failed",
      ...event,
      err: { message: "refused" },
      msg,
    },
  );
});
