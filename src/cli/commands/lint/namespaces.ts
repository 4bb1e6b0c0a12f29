import { modes } from "../../../api/level.ts";
import { isEqual } from "../../../engine/equal.ts";
import type { LabelError, NamespacePolicy } from "../../../engine/namespacepolicy.ts";
import type { ManifestObject, NoObject } from "../../../manifests/objects.ts";
import type { LintReport } from "../../formats/lintschema.ts";
import { isNamespace } from "./kinds.ts";
import { levelsOf, stricter } from "./levels.ts";
import { identify, nameOf, positionOf, type ReadFile } from "./objects.ts";

type Finding = LintReport["findings"][number];

/** What the Namespaces of the input say. */
export type Namespaces = {
  readonly levels: ReadonlyMap<string, NamespacePolicy>;
  /** What is wrong with the labels of this object, should it be a Namespace. */
  readonly findingsOf: (object: ManifestObject | NoObject) => readonly Finding[];
  readonly notes: LintReport["notes"];
};

/** Reads the levels of every Namespace, wherever in the input it stands. */
export function readNamespaces(files: readonly ReadFile[], defaults: NamespacePolicy): Namespaces {
  const levels = new Map<string, NamespacePolicy>();
  const findings = new Map<ManifestObject | NoObject, readonly Finding[]>();
  const notes: LintReport["notes"] = [];
  for (const file of files) {
    for (const object of file.objects) {
      if (!("kind" in object) || !isNamespace(object)) continue;
      const name = nameOf(object);
      const { namespacePolicy, errors } = levelsOf(object, defaults);
      const before = levels.get(name);
      levels.set(name, before ? stricter(before, namespacePolicy) : namespacePolicy);
      findings.set(
        object,
        errors.map((error) => unreadable(file, object, error)),
      );
      if (before === undefined || isEqual(before, namespacePolicy)) continue;
      const message = `namespace ${JSON.stringify(name)} is given more than once, with different levels: the stricter ones are used`;
      notes.push({
        file: file.file,
        ...positionOf(file, object),
        object: identify(object, ""),
        message,
      });
    }
  }
  return { levels, findingsOf: (object) => findings.get(object) ?? [], notes };
}

function unreadable(
  file: ReadFile,
  object: ManifestObject,
  { label, value, message }: LabelError,
): Finding {
  const path = `metadata.labels[${JSON.stringify(label)}]`;
  return {
    rule: "unreadable-label",
    severity: "warning",
    modes: modes.filter((mode) => label.includes(`/${mode}`)),
    file: file.file,
    ...positionOf(file, object, path),
    object: identify(object, ""),
    path,
    message: `${JSON.stringify(value)} ${message}`,
    why: "A typing error must not open a namespace.",
    fix: "Use one of the values that the message names.",
  };
}
