import { parseCIDR, spanOf } from "../netpol/cidr.ts";
import { type Spans, union } from "../netpol/spans.ts";

/** Private space as people write it; loopback, multicast, 0/8 and 240/4 count as public. */
export const privateBlocks = {
  4: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"],
  6: ["fc00::/7", "fe80::/10"],
} as const;

/** The addresses of private space. */
export const privateSpace: { readonly 4: Spans; readonly 6: Spans } = {
  4: read(privateBlocks[4]),
  6: read(privateBlocks[6]),
};

function read(texts: readonly string[]): Spans {
  return union(texts.flatMap((text) => parseCIDR(text) ?? []).map(spanOf));
}
