/** The constant that the module of a rule or of a warning exports: `no-anyone` is `noAnyone`. */
export function constantOf(id: string): string {
  return id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
