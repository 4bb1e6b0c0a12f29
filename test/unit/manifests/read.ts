import { parseManifest } from "../../../src/manifests/parse.ts";

/** The values of a text; what cannot be read as `line:column message`. */
export async function read(text: string): Promise<readonly unknown[]> {
  const { documents, unreadable } = await parseManifest(text);
  return [
    ...documents.map(({ value }) => value),
    ...unreadable.map(({ offset, message }) => `${offset}: ${message}`),
  ];
}
