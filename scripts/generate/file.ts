/** A file that is written by `npm run generate`; the path starts at the repository. */
export type GeneratedFile = { readonly path: string; readonly content: string };
