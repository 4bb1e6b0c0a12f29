/** Text that cannot be read, while it is being read. */
export class UnreadableError extends Error {
  override readonly name = "UnreadableError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
