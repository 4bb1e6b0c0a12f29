import { describe, expect, test } from "vitest";
import type { Minor } from "../../../../src/netpol/validity/validate.ts";
import { refusalsOfMetadata } from "../../../support/validityrefusals.ts";

const path = "metadata.ownerReferences";
const owner = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "u" };

function ofOwners(ownerReferences: unknown, minor?: Minor): readonly string[] {
  return refusalsOfMetadata({ ownerReferences }, minor);
}

describe("an owner reference", () => {
  test.each([
    [[]],
    [[owner]],
    [[{ ...owner, apiVersion: "/v1", controller: true, blockOwnerDeletion: null }]],
    [
      [
        { ...owner, controller: true },
        { ...owner, controller: true },
      ],
    ],
    [
      [
        { ...owner, controller: true },
        { ...owner, controller: false },
      ],
    ],
    [[{ ...owner, kind: "Event" }]],
    [[{ ...owner, apiVersion: "v1beta1", kind: "Event" }]],
  ])("can be %j", (owners) => {
    expect(ofOwners(owners)).toEqual([]);
  });

  test.each([{}, null])("has four fields that must be there: %j", (empty) => {
    expect(ofOwners([owner, empty])).toEqual(
      ["apiVersion", "kind", "name", "uid"].map(
        (field) => `${path}[1].${field}: Required value: must not be empty`,
      ),
    );
  });

  test("is pointed at as a whole before 1.37", () => {
    for (const minor of [34, 35, 36] as const) {
      expect(ofOwners([owner, {}], minor)).toEqual([
        `${path}.apiVersion: Invalid value: "": version must not be empty`,
        `${path}.kind: Invalid value: "": must not be empty`,
        `${path}.name: Invalid value: "": must not be empty`,
        `${path}.uid: Invalid value: "": must not be empty`,
      ]);
    }
  });

  test.each(["a/b/c", "v1/", "/"])("has no version in %j", (apiVersion) => {
    expect(ofOwners([{ ...owner, apiVersion }])).toEqual([
      `${path}[0].apiVersion: Invalid value: "${apiVersion}": must be <group>/<version> or <version>`,
    ]);
    expect(ofOwners([{ ...owner, apiVersion }], 36)).toEqual([
      `${path}.apiVersion: Invalid value: "${apiVersion}": version must not be empty`,
    ]);
  });

  test.each(["v1", "/v1"])("is no event of %s", (apiVersion) => {
    expect(ofOwners([{ ...owner, apiVersion, kind: "Event", name: "<" }])).toEqual([
      String.raw`${path}[0]: Invalid value: {"apiVersion":"${apiVersion}","kind":"Event","name":"\u003c","uid":"u"}: /v1, Kind=Event is disallowed from being an owner`,
    ]);
  });

  test("is the controller alone", () => {
    const first = { ...owner, controller: true, blockOwnerDeletion: false };
    const second = { ...owner, kind: "Pod", controller: true };
    expect(ofOwners([first, second])).toEqual([
      `${path}: Invalid value: [{"apiVersion":"apps/v1","kind":"Deployment","name":"web","uid":"u","controller":true,"blockOwnerDeletion":false},{"apiVersion":"apps/v1","kind":"Pod","name":"web","uid":"u","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for Deployment/web and Pod/web`,
    ]);
  });
});
