/** What a fixture says about itself in comments; a key that nobody understands is an error. */
export function readComments(
  text: string,
  file: string,
  keys: ReadonlySet<string>,
): { readonly comments: readonly string[]; readonly valuesOf: (key: string) => readonly string[] } {
  const comments = [...text.matchAll(/^# (.*)$/gm)].map(([, line]) => line ?? "");
  const said = comments.map((line) => /^([a-z]+):(?: (.*))?$/.exec(line));
  for (const match of said) {
    const key = match?.[1];
    if (key !== undefined && !keys.has(key)) throw new Error(`${file} has an unknown "${key}:"`);
  }
  const valuesOf = (key: string) =>
    said.flatMap((match) => (match?.[1] === key ? [match[2] ?? ""] : []));
  return { comments, valuesOf };
}
