import { describe, expect, test } from "vitest";
import { byteLength, jsonOf, quote } from "../../../../src/netpol/validity/quote.ts";

describe("a quoted text", () => {
  test.each([
    ["", '""'],
    ["web é 😀 <&>", '"web é 😀 <&>"'],
    ['a"b\\c', String.raw`"a\"b\\c"`],
    ["\u0007\b\f\n\r\t\v", String.raw`"\a\b\f\n\r\t\v"`],
    ["\u0000\u001f\u007f", String.raw`"\x00\x1f\x7f"`],
    ["\u0085\u00a0\u200b\u2028", String.raw`"\u0085\u00a0\u200b\u2028"`],
    ["\u{e0001}", String.raw`"\U000e0001"`],
    ["\ud800", '"\ufffd"'],
  ])("of %j is %s", (text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });
});

describe("JSON", () => {
  test("has no markup and no line separators", () => {
    expect(jsonOf({ a: ["<&>\u2028\u2029", 1, null, "\n\u007fé\ud800"] })).toBe(
      String.raw`{"a":["\u003c\u0026\u003e\u2028\u2029",1,null,"\n` + '\u007fé\ufffd"]}',
    );
  });
});

describe("a length", () => {
  test("is in bytes", () => {
    expect(
      [
        "",
        "a",
        "\u007f",
        "\u0080",
        "é",
        "\u07ff",
        "\u0800",
        "€",
        "\uffff",
        "\u{10000}",
        "\ud800",
      ].map(byteLength),
    ).toEqual([0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 3]);
  });
});
