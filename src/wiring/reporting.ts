/** Something that is told of what happens, and does not answer. */
type Told<E> = { report(event: E): void };

/** Tells each of several reporters, in order. */
export function reportToAll<E>(...reporters: readonly Told<E>[]): Told<E> {
  return {
    report: (event) => {
      for (const reporter of reporters) reporter.report(event);
    },
  };
}
