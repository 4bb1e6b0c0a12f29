import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";

import { inspect, isIssuedBy } from "../../../src/certificates/inspect.ts";
import { createAuthority, issueLeaf } from "../../../src/certificates/issue.ts";

const now = new Date("2030-03-01T12:00:00Z");
const service = "ringfence-webhook.ringfence-system.svc";

test("an authority may sign leaves and nothing else, for ten years from the day before", async () => {
  const authority = await createAuthority(now);
  const seen = inspect(authority);
  expect(seen).toMatchObject({
    names: [],
    addresses: [],
    validFrom: new Date("2030-02-28T12:00:00Z"),
    validTo: new Date("2040-02-27T12:00:00Z"),
    isAuthority: true,
    keyMatches: true,
  });
  const certificate = new X509Certificate(authority.certificate);
  expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  expect(certificate.subject).toMatch(/^CN=Ringfence CA [0-9a-f]{16}$/);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

test("two authorities never share a name or a serial number", async () => {
  const made = await Promise.all(Array.from({ length: 8 }, () => createAuthority(now)));
  const certificates = made.map(({ certificate }) => new X509Certificate(certificate));
  expect(new Set(certificates.map(({ subject }) => subject)).size).toBe(8);
  expect(new Set(certificates.map(({ serialNumber }) => serialNumber)).size).toBe(8);
});

test("a leaf is valid for its names, by its authority, for server authentication alone", async () => {
  const authority = await createAuthority(now);
  const leaf = await issueLeaf(
    authority,
    { names: [service, "localhost"], addresses: ["127.0.0.1", "::1"] },
    now,
  );
  expect(inspect(leaf)).toMatchObject({
    subject: "CN=ringfence",
    names: [service, "localhost"],
    addresses: ["127.0.0.1", "0:0:0:0:0:0:0:1"],
    validFrom: new Date("2030-02-28T12:00:00Z"),
    validTo: new Date("2031-03-01T12:00:00Z"),
    isAuthority: false,
    keyMatches: true,
  });
  const { publicKey, keyUsage } = new X509Certificate(leaf.certificate);
  expect(publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  expect(keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect(isIssuedBy(leaf.certificate, authority.certificate)).toBe(true);
});

test("a leaf of one authority is not one of another", async () => {
  const [one, other] = [await createAuthority(now), await createAuthority(now)];
  const leaf = await issueLeaf(one, { names: [service] }, now);
  expect(isIssuedBy(leaf.certificate, other.certificate)).toBe(false);
});

test("a leaf never outlives its authority", async () => {
  const authority = await createAuthority(now);
  const late = new Date("2039-12-24T00:00:00Z");
  const leaf = await issueLeaf(authority, { names: [service] }, late);
  expect(inspect(leaf)).toHaveProperty("validTo", new Date("2040-02-27T12:00:00Z"));
});

test("the longest Service name that Kubernetes allows fits into a leaf", async () => {
  const authority = await createAuthority(now);
  const name = `${"s".repeat(63)}.${"n".repeat(63)}.svc`;
  const leaf = await issueLeaf(authority, { names: [name] }, now);
  expect(inspect(leaf)).toHaveProperty("names", [name]);
});

test("serial numbers are positive and minimal, as strict parsers demand", async () => {
  const authority = await createAuthority(now);
  const leaves = await Promise.all(
    Array.from({ length: 64 }, () => issueLeaf(authority, { names: [service] }, now)),
  );
  for (const { certificate } of leaves) {
    const { serialNumber } = new X509Certificate(certificate);
    expect(serialNumber).toMatch(/^[0-9A-F]{2,18}$/);
    expect(serialNumber).not.toMatch(/^00/);
  }
});

test.each([
  ["the certificate is not readable PEM", "nonsense", undefined],
  ["the private key is not readable PEM", undefined, "nonsense"],
])("inspecting says that %s", async (error, certificate, key) => {
  const pair = await createAuthority(now);
  const broken = { certificate: certificate ?? pair.certificate, key: key ?? pair.key };
  expect(inspect(broken)).toEqual({ error });
});

test("inspecting tells a key that belongs to another certificate", async () => {
  const [one, other] = [await createAuthority(now), await createAuthority(now)];
  const mixed = { certificate: one.certificate, key: other.key };
  expect(inspect(mixed)).toHaveProperty("keyMatches", false);
});
