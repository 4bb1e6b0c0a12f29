import { describe, expect, test } from "vitest";
import { refusalsOfMetadata } from "../../../support/validityrefusals.ts";

describe("an instant", () => {
  test.each([
    "2026-01-02T03:04:05Z",
    "2024-02-29T23:59:59,5-24:60",
    "2000-02-29T3:04:05.123456789+14:00",
    "2026-12-31T00:00:00Z",
    "2026-07-01T00:00:00Z",
    "2026-07-31T00:00:00Z",
  ])("can be %s", (creationTimestamp) => {
    expect(refusalsOfMetadata({ creationTimestamp })).toEqual([]);
  });

  const layout = ' as "2006-01-02T15:04:05Z07:00"';
  test.each([
    ["", layout],
    ["2026-01-02", layout],
    ["2026-01-02T03:04:05", layout],
    ["2026-1-02T03:04:05Z", layout],
    ["02026-01-02T03:04:05Z", layout],
    [" 2026-01-02T03:04:05Z", layout],
    ["2026-01-02T03:04:05Z ", ': extra text: " "'],
    ["2026-01-02T03:04:05ZZ", ': extra text: "Z"'],
    ["2026-01-02T03:04:05+00:000", ': extra text: "0"'],
    ["2026-01-02T03:04:05.Z", layout],
    ["2026-01-02T003:04:05Z", layout],
    ["2026-01-2T03:04:05Z", layout],
    ["2026-01-02T03:4:05Z", layout],
    ["2026-01-02T03:04:5Z", layout],
    ["2026-01-02T03:04:05+0:00", layout],
    ["2026-01-02T03:04:05+00:0", layout],
    ["2026-0a-02T03:04:05Z", layout],
    ["2026-01-0aT03:04:05Z", layout],
    ["2026-01-02T0a:04:05Z", layout],
    ["2026-01-02T03:0a:05Z", layout],
    ["2026-01-02T03:04:0aZ", layout],
    ["2026-02-29T00:00:00Zx", ': extra text: "x"'],
    ["2026-02-28T00:00:00+25:00x", ": time zone offset hour out of range"],
    ["2026-13-01T00:00:00Z", ": month out of range"],
    ["2026-00-01T00:00:00Z", ": month out of range"],
    ["2026-01-00T00:00:00Z", ": day out of range"],
    ["2026-01-32T00:00:00Z", ": day out of range"],
    ["2026-04-31T00:00:00Z", ": day out of range"],
    ["2026-06-31T00:00:00Z", ": day out of range"],
    ["2026-09-31T00:00:00Z", ": day out of range"],
    ["2026-11-31T00:00:00Z", ": day out of range"],
    ["2026-02-29T00:00:00Z", ": day out of range"],
    ["1900-02-29T00:00:00Z", ": day out of range"],
    ["2026-01-02T24:00:00Z", ": hour out of range"],
    ["2026-01-02T03:60:05Z", ": minute out of range"],
    ["2026-01-02T03:04:60Z", ": second out of range"],
    ["2026-01-02T03:04:05+25:00", ": time zone offset hour out of range"],
    ["2026-01-02T03:04:05+00:61", ": time zone offset minute out of range"],
  ])("cannot be %j", (creationTimestamp, wrong) => {
    expect(refusalsOfMetadata({ creationTimestamp })).toEqual([
      `metadata.creationTimestamp: parsing time "${creationTimestamp}"${wrong}`,
    ]);
  });

  test("is quoted byte by byte", () => {
    const extra = ' "\\é\n\u007f\ud800';
    const quoted = String.raw` \"\\\xc3\xa9\x0a` + "\u007f" + String.raw`\xef\xbf\xbd`;
    expect(refusalsOfMetadata({ creationTimestamp: `2026-01-02T03:04:05Z${extra}` })).toEqual([
      `metadata.creationTimestamp: parsing time "2026-01-02T03:04:05Z${quoted}": extra text: "${quoted}"`,
    ]);
  });
});
