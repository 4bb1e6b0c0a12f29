import type { EgressRule, Peer } from "../api/networkpolicy.ts";
import type { CompanionEvent, CompanionReporter } from "../isolation/dns/ports.ts";
import type { Log } from "../kube/log.ts";

const severities = {
  "dns-found": "info",
  "dns-not-found": "warn",
  "dns-refused": "error",
  "companion-applied": "info",
  "companion-contended": "warn",
  "companion-failed": "error",
} as const satisfies Record<CompanionEvent["kind"], keyof Log>;

/** One log line per event of the companions; rules as text. */
export function createCompanionReporter(log: Log): CompanionReporter {
  return {
    report: ({ kind, ...fields }) => {
      const { egress, error, ...rest } = { egress: undefined, error: undefined, ...fields };
      log[severities[kind]](
        {
          event: kind,
          ...rest,
          ...(egress ? { allows: egress.map(describe) } : {}),
          ...(error === undefined ? {} : { err: error }),
        },
        "DNS of isolated namespaces",
      );
    },
  };
}

/** One egress rule of ours on a line: where to, then on which ports. */
function describe({ to, ports }: EgressRule): string {
  const numbers = (ports ?? []).map(({ protocol, port }) => `${protocol} ${port}`);
  return `${(to ?? []).map(describePeer).join(" or ")} on ${numbers.join(", ")}`;
}

function describePeer({ ipBlock, namespaceSelector, podSelector }: Peer): string {
  if (ipBlock) return ipBlock.cidr;
  const namespace = Object.values(namespaceSelector?.matchLabels ?? {}).join();
  const labels = Object.entries(podSelector?.matchLabels ?? {}).map((pair) => pair.join("="));
  return `${namespace}/{${labels.join(",")}}`;
}
