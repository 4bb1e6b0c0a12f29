/** Where the entries of each mapping and sequence of a document begin, as offsets into the text. */
export type Marks = Map<object, Map<string | number, number>>;

/** One document of a file, read. */
export type ManifestDocument = {
  /** Mappings are plain objects; one that is used through an alias is the same object again. */
  readonly value: unknown;
  /** Where its first value stands. */
  readonly offset: number;
  /** Where the text of the document ends. */
  readonly end: number;
  /** Made when asked for: most documents need no positions. */
  readonly marked: () => Marked;
};

/** The value of a document, with the places of its parts. */
export type Marked = { readonly root: unknown; readonly marks: Marks };

/** Text that cannot be read, and why. */
export type Unreadable = { readonly offset: number; readonly message: string };

/** What one text holds, in its order. Documents without content are left out. */
export type Manifest = {
  readonly documents: readonly ManifestDocument[];
  readonly unreadable: readonly Unreadable[];
};

/** Notes where an entry of a container begins. */
export function mark(
  marks: Marks | undefined,
  container: object,
  key: string | number,
  offset: number,
): void {
  if (marks === undefined) return;
  const entries = marks.get(container) ?? new Map<string | number, number>();
  marks.set(container, entries.set(key, offset));
}

/** Adds an entry to a mapping, whatever the key is called. */
export function addEntry(mapping: object, key: string, value: unknown): void {
  Object.defineProperty(mapping, key, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}
