import type { Port } from "../../src/api/networkpolicy.ts";
import { type Random, times } from "./random.ts";

const numbers = [80, 80, 443, 443, 53, 53, 5353, 54, 52, 8080, 9090, 32_526, 79, 81, 1, 65_535];

const ranges: readonly (readonly [number, number])[] = [
  [53, 53],
  [53, 54],
  [5353, 5353],
  [1, 65_535],
  [1, 65_534],
  [1, 1023],
  [1, 1024],
  [1, 1025],
  [1000, 2023],
  [1000, 2024],
  [8000, 8015],
  [8000, 8016],
  [8010, 8020],
  [80, 81],
  [81, 443],
  [440, 443],
  [444, 444],
  [32_000, 32_767],
];

const names = ["http", "dns", "metrics"];

function protocol(random: Random): { protocol?: string | null } {
  if (random.chance(45)) return {};
  return { protocol: random.pick(["TCP", "TCP", "UDP", "UDP", "SCTP", null]) };
}

function port(random: Random): Port {
  const kind = random.below(100);
  if (kind < 55) return { ...protocol(random), port: random.pick(numbers) };
  if (kind < 80) {
    const [lo, hi] = random.pick(ranges);
    return { ...protocol(random), port: lo, endPort: hi };
  }
  if (kind < 92) return { ...protocol(random), port: random.pick(names) };
  return random.chance(20) ? { ...protocol(random), port: null } : protocol(random);
}

/** A `ports` field, or none: missing, null, empty, or up to four entries. */
export function portList(random: Random): { ports?: readonly Port[] | null } {
  const kind = random.below(100);
  if (kind < 14) return {};
  if (kind < 18) return { ports: random.pick([null, []]) };
  if (kind < 34) {
    const dns: readonly Port[] = [{ protocol: "UDP", port: 53 }, { port: 53 }];
    return { ports: random.chance(80) ? dns : [...dns, port(random)] };
  }
  return { ports: times(random.pick([1, 1, 1, 2, 2, 3, 4]), () => port(random)) };
}
