// The values that generated objects are made of: mostly good ones, and one of each kind of bad.

export const keys = [
  "app",
  "constructor",
  "kubernetes.io/metadata.name",
  "A.b_c-1",
  "x".repeat(63),
  `${"a".repeat(253)}/b`,
];

export const wrongKeys = [
  "",
  "a b",
  "-a",
  "a-",
  "__proto__",
  "/a",
  "a/",
  "/",
  "a/b/c",
  "Upper.example/x",
  "a..b/x",
  "a_b/x",
  "x".repeat(64),
  "é".repeat(32),
  `${"a".repeat(254)}/b`,
  `${"a".repeat(64)}.b/c`,
  'quote"and\\slash',
  "tab\tnew\nline\u0000\u007f\u0085",
  "emoji😀half\ud800",
  "<b>&amp;\u2028",
];

export const values = ["", "web", "A.b_c-1", "0", "x".repeat(63)];

export const wrongValues = [
  " ",
  "a b",
  "-a",
  "a.",
  "_",
  "a/b",
  "x".repeat(64),
  "ü",
  "é".repeat(32),
  "\u200b",
  "a\u00a0b",
];

export const cidrs = [
  "10.0.0.0/8",
  "0.0.0.0/0",
  "192.168.1.1/32",
  "::/0",
  "2001:db8::/32",
  "2001:DB8:0:0::/64",
  "fe80::1/128",
  "::1.2.3.4/128",
  "0001::/16",
  "::/8",
];

export const wrongCIDRs = [
  "",
  "10.0.0.0",
  "10.0.0.0/",
  "10.0.0.0/33",
  "10.0.0.0/-1",
  "10.0.0.0/+8",
  "10.0.0.0/8 ",
  "10.0.0/24",
  "256.0.0.0/8",
  "::/129",
  "::1%eth0/128",
  ":::/0",
  "1:2:3:4:5:6:7::8/128",
  "1::2:3:4:5:6:7:8/128",
  "12345::/16",
  "::ffff:1.2.3/128",
  "web/8",
  "/8",
  "é/8",
  "10.0.0.0/99999999999999999999",
];

/** Accepted by servers before 1.36. */
export const ambiguousCIDRs = [
  "10.1.2.3/16",
  "2001:db8::1/32",
  "010.0.0.0/8",
  "10.0.0.0/08",
  "10.00.0.0/8",
  "::/00",
  "::ffff:10.0.0.0/104",
  "::ffff:0:0/96",
  "::FFFF:a00:0/104",
  "::ffff:1.2.3.4/64",
  "::ffff:1.2.3.04/128",
  "::1.2.3.04/128",
  "00001::/16",
  "::000000/0",
  "10.1.2.3/016",
];

export const exceptsOf: readonly (readonly [cidr: string, excepts: readonly string[]])[] = [
  ["10.0.0.0/8", ["10.1.0.0/16", "10.0.0.0/9", "10.255.255.255/32"]],
  ["10.0.0.0/8", ["10.0.0.0/8", "10.0.0.0/7", "11.0.0.0/16", "::/0", "::ffff:10.0.0.0/112"]],
  ["::/0", ["2001:db8::/32", "::ffff:0:0/96", "10.0.0.0/8", "::/1"]],
  ["0.0.0.0/0", ["10.0.0.0/8", "::ffff:0:0/96", "::ffff:10.0.0.0/104", "::/96", "2000::/3"]],
  ["::ffff:10.0.0.0/104", ["10.1.0.0/16", "::ffff:10.1.0.0/112", "::ffff:10.0.0.0/104", "::/120"]],
  ["::ffff:0:0/95", ["::ffff:0:0/96", "10.0.0.0/32", "::fffe:0:0/96"]],
  ["10.1.2.3/16", ["10.1.0.0/24", "10.1.2.3/24", "10.2.0.0/24"]],
  ["10.0.0.0/33", ["nonsense", "10.0.0.0/8"]],
  ["", ["nonsense"]],
];

export const ports = [1, 80, 65535, "http", "a", "web-1", "x".repeat(15)];

export const wrongPorts = [
  0,
  -1,
  65536,
  2147483647,
  -2147483648,
  "",
  "80",
  "-a",
  "a-",
  "a--b",
  "HTTP",
  "a_b",
  "_a",
  "a_",
  "x".repeat(16),
  "-",
  "--",
  "é",
  "0-0",
];

export const endPorts = [80, 443, 65535];

export const wrongEndPorts = [0, -5, 1, 65536, 2147483647];

/** A value of each JSON type, to stand where another type is expected. */
export const anyValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -7,
  1.5,
  1e100,
  2147483648,
  9007199254740991,
  "",
  "text",
  [],
  {},
  [null],
  [{}],
  { a: 1 },
  ["a"],
];

export const instants = [
  "2026-01-02T03:04:05Z",
  "2026-01-02T03:04:05.123456789+14:00",
  "2024-02-29T23:59:59,5-00:00",
  "2026-01-02T3:04:05Z",
];

export const wrongInstants = [
  "",
  "now",
  "2026-01-02",
  "2026-01-02 03:04:05Z",
  "2026-01-02t03:04:05z",
  "2026-02-29T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-01-02T24:00:00Z",
  "2026-01-02T03:04:60Z",
  "2026-01-02T03:04:05",
  "2026-01-02T03:04:05+25:00",
  "2026-01-02T03:04:05.Z",
  " 2026-01-02T03:04:05Z",
  "02026-01-02T03:04:05Z",
  "2026-01-02T03:04:05ZZ",
  '2026-01-02T03:04:05Z "\\é\n\u007f\ud800',
  "2026-01-02T03:04:05+00:000",
  "2026-02-29T00:00:00Zx",
  "2026-02-28T00:00:00+25:00x",
  "2026-01-02T003:04:05Z",
  "2026-01-02T03:04:5Z",
  "2026-01-02T03:04:05+0:00",
];

export const names = ["web", "a", "0", "a-b.c", "x".repeat(253)];

export const wrongNames = [
  "",
  "A",
  "a_b",
  "-a",
  "a-",
  "a-.b",
  "a.",
  "a..b",
  "..",
  "a/b",
  "é",
  "x".repeat(254),
  null,
];

export const starts = ["web-", "a", "a--", `${"a".repeat(57)}.bbb`];

export const wrongStarts = ["Web-", "-", "a.", ".-", "é-", "a".repeat(300), "a/", "a-B", ""];
