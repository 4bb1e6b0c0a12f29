import { styleText } from "node:util";

/** How parts of a text stand out; plain where nobody sees colours. */
export type Style = {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly hint: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
};

const as = (format: Parameters<typeof styleText>[0]) => (text: string) =>
  styleText(format, text, { validateStream: false });
const same = (text: string): string => text;

/** Colours, or none. */
export function createStyle(isColoured: boolean): Style {
  if (!isColoured) return { error: same, warning: same, hint: same, strong: same, faint: same };
  return {
    error: as("red"),
    warning: as("yellow"),
    hint: as("cyan"),
    strong: as("bold"),
    faint: as("dim"),
  };
}

/** Text out of a file, without what would steer a terminal. */
export function harmless(text: string): string {
  return text.replaceAll(/\p{C}/gu, (character) => {
    if (character === "\n") return " ";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
