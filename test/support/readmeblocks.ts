/** A command of the README and what it prints, standard output and standard error together. */
export type Block = { readonly command: string; readonly output: string };

/** The commands of the ```console blocks that begin with `$ kubectl`, in their order. */
export function readBlocks(markdown: string): readonly Block[] {
  const consoles = markdown.matchAll(/^```console\n(\$ kubectl .*?)^```$/gms);
  return Array.from(consoles, ([, text = ""]) =>
    text
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const end = part.indexOf("\n");
        return { command: part.slice(0, end), output: part.slice(end + 1) };
      }),
  ).flat();
}

/** What differs from run to run: ages, and the width of the columns that they stand in. */
export function normalise(output: string): string {
  return output
    .split("\n")
    .map((line) =>
      line
        .replaceAll(/\b\d+(ms|s|m)\b/g, "AGE")
        .replaceAll(/ +/g, " ")
        .trim(),
    )
    .filter((line) => line !== "")
    .join("\n");
}
