import { quote } from "./quote.ts";
import { mistyped, type Schema } from "./schema.ts";

/** An instant as the API writes it. */
export const instant: Schema<string> = {
  type: "v1.Time",
  zero: "",
  read: (value, spot, found) => {
    if (typeof value !== "string") return mistyped(value, "string", spot, found, "", true);
    const wrong = wrongInInstant(value);
    if (wrong === undefined) return value;
    const message = `parsing time ${quote(value)}${wrong}`;
    found.mistyped.push({ path: spot.path, message, stops: true });
    return "";
  },
};

/** RFC 3339 as Go reads it: an hour may have one digit, a fraction a comma. */
const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))$/;

function wrongInInstant(value: string): string | undefined {
  const match = pattern.exec(value);
  if (match === null) return ' as "2006-01-02T15:04:05Z07:00"';
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour, zoneMinute] =
    match.slice(1).map((part) => Number(part ?? "0"));
  const outOfRange = [
    // In the order in which the server looks at them.
    { name: "month", is: month < 1 || month > 12 },
    { name: "hour", is: hour > 23 },
    { name: "minute", is: minute > 59 },
    { name: "second", is: second > 59 },
    { name: "time zone offset hour", is: (zoneHour ?? 0) > 24 },
    { name: "time zone offset minute", is: (zoneMinute ?? 0) > 60 },
    { name: "day", is: day < 1 || day > daysOf(month, year) },
  ].find(({ is }) => is);
  return outOfRange === undefined ? undefined : `: ${outOfRange.name} out of range`;
}

function daysOf(month: number, year: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
