import { validateFinalizers } from "./finalizer.ts";
import { eachInvalid, type Invalid, required, tooLong } from "./invalid.ts";
import { validateLabels, wrongInKey } from "./label.ts";
import type { Dialect } from "./minor.ts";
import { generatedName, wrongInLabel, wrongInPrefix, wrongInSubdomain } from "./name.ts";
import { validateOwners } from "./owner.ts";
import { byteLength } from "./quote.ts";
import type { DecodedMeta } from "./shape.ts";

const mostAnnotationBytes = 256 * 1024;

/** The metadata of an object that has, or will be given, a namespace. */
export function validateMetadata(metadata: DecodedMeta, dialect: Dialect): readonly Invalid[] {
  // The rest is the server's own. It is overwritten, not checked; a resource version, which a
  // create may not have, is taken off by kubectl, so exported objects stay good.
  const { namespace = "", labels, annotations, ownerReferences = [], finalizers = [] } = metadata;
  return [
    ...validateName(metadata),
    ...(namespace === ""
      ? []
      : eachInvalid("metadata.namespace", namespace, wrongInLabel(namespace))),
    ...validateLabels(labels, "metadata.labels", dialect),
    ...validateAnnotations(annotations ?? new Map(), "metadata.annotations", dialect),
    ...validateOwners(ownerReferences, "metadata.ownerReferences", dialect),
    ...validateFinalizers(finalizers, "metadata.finalizers", dialect),
  ];
}

function validateName({ name = "", generateName = "" }: DecodedMeta): readonly Invalid[] {
  const start =
    generateName === ""
      ? []
      : eachInvalid("metadata.generateName", generateName, wrongInPrefix(generateName));
  const whole = name === "" && generateName !== "" ? generatedName(generateName) : name;
  if (whole === "") return [required("metadata.name", "name or generateName is required")];
  return [...start, ...eachInvalid("metadata.name", whole, wrongInSubdomain(whole))];
}

function validateAnnotations(
  annotations: ReadonlyMap<string, string>,
  path: string,
  dialect: Dialect,
): readonly Invalid[] {
  let bytes = 0;
  for (const [key, value] of annotations) bytes += byteLength(key) + byteLength(value);
  return [
    // Keys are those of labels, in any case.
    ...[...annotations.keys()].flatMap((key) =>
      eachInvalid(path, key, wrongInKey(key.toLowerCase(), dialect)),
    ),
    ...(bytes > mostAnnotationBytes ? [tooLong(path, mostAnnotationBytes)] : []),
  ];
}
