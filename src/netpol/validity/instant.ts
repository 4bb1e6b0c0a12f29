import { quoteBytes } from "./quote.ts";
import { mistyped, type Schema } from "./schema.ts";

/** An instant as the API writes it. */
export const instant: Schema<string> = {
  type: "v1.Time",
  zero: "",
  read: (value, spot, found) => {
    if (typeof value !== "string") return mistyped(value, "string", spot, found, "", true);
    const wrong = wrongInInstant(value);
    if (wrong === undefined) return value;
    const message = `parsing time ${quoteBytes(value)}${wrong}`;
    found.mistyped.push({ path: spot.path, message, stops: true });
    return "";
  },
};

/** RFC 3339 as Go reads it, and what follows: an hour may have one digit, a fraction a comma. */
const pattern =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))(.*)$/s;

function wrongInInstant(value: string): string | undefined {
  const match = pattern.exec(value);
  if (match === null) return ' as "2006-01-02T15:04:05Z07:00"';
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour, zoneMinute] =
    match.slice(1, 9).map((part) => Number(part ?? "0"));
  const rest = match[9] ?? "";
  return [
    // In the order in which the server looks at them.
    { wrong: outOfRange("month"), is: month < 1 || month > 12 },
    { wrong: outOfRange("hour"), is: hour > 23 },
    { wrong: outOfRange("minute"), is: minute > 59 },
    { wrong: outOfRange("second"), is: second > 59 },
    { wrong: outOfRange("time zone offset hour"), is: (zoneHour ?? 0) > 24 },
    { wrong: outOfRange("time zone offset minute"), is: (zoneMinute ?? 0) > 60 },
    { wrong: `: extra text: ${quoteBytes(rest)}`, is: rest !== "" },
    { wrong: outOfRange("day"), is: day < 1 || day > daysOf(month, year) },
  ].find(({ is }) => is)?.wrong;
}

function outOfRange(name: string): string {
  return `: ${name} out of range`;
}

function daysOf(month: number, year: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
