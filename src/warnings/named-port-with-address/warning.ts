import type { PolicyRule } from "../../netpol/model.ts";
import { isWhole, protocols } from "../../netpol/ports.ts";
import { formatBlock } from "../../netpol/block.ts";
import { listSome } from "../../rules/describe.ts";
import type { Advice, Warning } from "../warning.ts";

/** Tells of named ports of address blocks: addresses have no port names. */
export const namedPortWithAddress: Warning = {
  id: "named-port-with-address",
  summary: "An egress rule to address blocks names a port: only pods have named ports.",
  inspect: ({ rules }) =>
    rules.filter(({ direction }) => direction === "egress").flatMap(inspectRule),
};

function inspectRule({ path, peers = [], ports }: PolicyRule): readonly Advice[] {
  const blocks = peers.flatMap((peer) =>
    peer.kind === "addresses" && peer.block.spans.length > 0 ? [formatBlock(peer.block)] : [],
  );
  const names = protocols.flatMap((protocol) =>
    // Beside all ports of the protocol a name adds nothing.
    isWhole(ports[protocol]) ? [] : ports[protocol].names.values().toArray(),
  );
  if (blocks.length === 0 || names.length === 0) return [];
  const quoted = listSome([...new Set(names)].map((name) => JSON.stringify(name)));
  const isOnlyPeer = blocks.length === peers.length;
  return [
    {
      path: `${path}.ports`,
      message: `${quoted} is a named port, and ${listSome(blocks, 3)} an address block: only pods name their ports, so most network plugins let nothing through`,
      fix: `Write the number of the port${isOnlyPeer ? "" : " in a rule of its own for the address blocks"}.`,
    },
  ];
}
