export type Listener<C> = (change: C) => void;

/** Calls listeners one after the other; one that throws harms neither the others nor the caller. */
export class Listeners<C> {
  readonly #listeners = new Set<Listener<C>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Returns the function that removes the listener again. */
  add(listener: Listener<C>): () => void {
    // A wrapper makes two additions of one function two listeners.
    const own: Listener<C> = (change) => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  notify(change: C): void {
    for (const listener of this.#listeners) {
      try {
        const result: unknown = listener(change);
        // An async function fits the type too, and its rejection would end the process.
        if (result instanceof Promise) result.catch(this.#onError);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
