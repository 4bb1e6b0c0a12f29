import { readFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { round } from "./figures.ts";

/** Of Linux, on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** Milliseconds of CPU that a process has used; NaN where there is no /proc. */
export async function cpuMs(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** Resident memory of a process in MiB, now and at its highest; NaN where there is no /proc. */
export async function memoryMiB(
  pid: number | undefined,
): Promise<{ readonly now: number; readonly peak: number }> {
  const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const read = (field: string): number => {
    const [, kib] = new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(text) ?? [];
    return Math.round(Number(kib) / 1024);
  };
  return { now: read("VmRSS"), peak: read("VmHWM") };
}

/** How busy the machine was in the last minute: absolute times mean little without it. */
export function load(): number {
  return round(loadavg()[0] ?? Number.NaN);
}
