import { type Invalid, invalidJSON, invalidValue, required } from "./invalid.ts";
import type { Dialect } from "./minor.ts";
import type { DecodedOwner } from "./shape.ts";

/** The owners of an object; equal ones count once. */
export function validateOwners(
  references: readonly DecodedOwner[],
  path: string,
  dialect: Dialect,
): readonly Invalid[] {
  const all = [
    ...new Map(references.map(written).map((one) => [JSON.stringify(one), one])).values(),
  ];
  const wrong: Invalid[] = [];
  let controller: string | undefined;
  for (const [index, owner] of all.entries()) {
    wrong.push(
      ...validateOwner(owner, dialect.ownersByIndex ? `${path}[${index}]` : path, dialect),
    );
    if (owner.controller !== true) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller === undefined) controller = name;
    else {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
      wrong.push(invalidJSON(path, all, detail));
    }
  }
  return wrong;
}

function validateOwner(
  owner: ReturnType<typeof written>,
  path: string,
  dialect: Dialect,
): readonly Invalid[] {
  const { apiVersion, kind, name, uid } = owner;
  const isEvent = kind === "Event" && /^\/?v1$/.test(apiVersion);
  return [
    ...validateVersion(apiVersion, `${path}.apiVersion`, dialect),
    ...(kind === "" ? [empty(`${path}.kind`, dialect)] : []),
    ...(name === "" ? [empty(`${path}.name`, dialect)] : []),
    ...(uid === "" ? [empty(`${path}.uid`, dialect)] : []),
    ...(isEvent
      ? [invalidJSON(path, owner, "/v1, Kind=Event is disallowed from being an owner")]
      : []),
  ];
}

function validateVersion(apiVersion: string, path: string, dialect: Dialect): readonly Invalid[] {
  const [, version] = /^(?:[^/]*\/)?([^/]+)$/.exec(apiVersion) ?? [];
  if (version !== undefined) return [];
  if (!dialect.ownersByIndex) return [invalidValue(path, apiVersion, "version must not be empty")];
  if (apiVersion === "") return [empty(path, dialect)];
  return [invalidValue(path, apiVersion, "must be <group>/<version> or <version>")];
}

function empty(path: string, { ownersByIndex }: Dialect): Invalid {
  const detail = "must not be empty";
  return ownersByIndex ? required(path, detail) : invalidValue(path, "", detail);
}

/** An owner with its fields as the server writes them. */
function written({ apiVersion = "", kind = "", name = "", uid = "", ...flags }: DecodedOwner) {
  const { controller, blockOwnerDeletion } = flags;
  return {
    apiVersion,
    kind,
    name,
    uid,
    ...(controller === undefined ? {} : { controller }),
    ...(blockOwnerDeletion === undefined ? {} : { blockOwnerDeletion }),
  };
}
