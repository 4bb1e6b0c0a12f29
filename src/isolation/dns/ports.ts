import type { EgressRule } from "../../api/networkpolicy.ts";
import type { IsolationSettings } from "../scope.ts";
import type { Finding } from "./discovery.ts";

/** The cluster's DNS as it is known now. */
export type DNSSource = {
  read(): Finding;
  /** Calls the listener whenever `read` may answer something else; the result ends it. */
  subscribe(listener: () => void): () => void;
};

export type CompanionSettings = IsolationSettings & { readonly allowDNS: "auto" | "disabled" };

export type CompanionReporter = { report(event: CompanionEvent): void };

/** What happened to the companions, for logs and metrics. The first three come once per change. */
export type CompanionEvent =
  | {
      readonly kind: "dns-found";
      readonly egress: readonly EgressRule[];
      readonly problems: readonly string[];
    }
  | { readonly kind: "dns-not-found"; readonly problems: readonly string[] }
  /** What was found would be refused by our own rules, and so is not written. */
  | {
      readonly kind: "dns-refused";
      readonly egress: readonly EgressRule[];
      readonly refusals: readonly string[];
    }
  | {
      readonly kind: "companion-applied";
      readonly namespace: string;
      readonly reason: "missing" | "different" | "unmanaged" | "withdrawn";
    }
  /** A rival keeps undoing what we write; the next write waits. */
  | { readonly kind: "companion-contended"; readonly namespace: string; readonly retryInMs: number }
  | {
      readonly kind: "companion-failed";
      readonly namespace: string;
      readonly error: unknown;
      readonly failures: number;
      readonly retryInMs: number;
    };
