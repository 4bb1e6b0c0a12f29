/** Words that stand for one value, and the template expression of each. */
const values = new Map([
  ["failurePolicy", "$failurePolicy"],
  ["newNamespaces", "$configuration.defaultDeny.newNamespaces"],
  ["existingNamespaces", "$configuration.defaultDeny.existingNamespaces"],
  ["enforce", "$configuration.defaults.enforce"],
  ["version", "$configuration.defaults.version"],
  ["ownNamespace", "$.Release.Namespace"],
  ["releaseService", "$.Release.Service"],
]);

/** Quoted words that stand for a list of CEL strings. */
const lists = new Map([
  ["excluded", "$excludedNames"],
  ["excludedPrefix", "$excludedPrefixes"],
  ["exempt", "$exemptNames"],
]);

/**
 * Replaces the words by template expressions, whatever the manifest does with them; a word that
 * nobody knows is refused. An empty list becomes a name that no namespace can have, so that the
 * expressions around it keep their shape.
 */
export function templated(manifest: string): string {
  if (manifest.includes("{{")) throw new Error("the manifest itself reads like a template");
  return manifest
    .replaceAll(/"@(\w+)@"/g, (word, name: string) => {
      const list = lists.get(name);
      return list === undefined ? word : `{{ include "ringfence.celStrings" ${list} }}`;
    })
    .replaceAll(/@(\w+)@/g, (word, name: string) => {
      const value = values.get(name);
      if (value === undefined) throw new Error(`no template expression is known for ${word}`);
      return `{{ ${value} }}`;
    });
}
