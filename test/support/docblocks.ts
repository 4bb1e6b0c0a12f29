/** A ```ts block of a page, and the ```text block that follows it: what it prints. */
export type CodeBlock = { readonly code: string; readonly output: string };

/** The code of a page, in its order. */
export function readCode(markdown: string): readonly CodeBlock[] {
  const blocks = markdown.matchAll(/^```ts\n(.*?)^```\n\n```text\n(.*?)^```$/gms);
  return Array.from(blocks, ([, code = "", output = ""]) => ({ code, output }));
}
