import { type Logger, pino } from "pino";

/** The log of a server: structured lines on standard output. */
export function createLog(level: string): Logger {
  return pino({ level, base: null }, pino.destination({ dest: 1, sync: false }));
}
