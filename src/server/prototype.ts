/**
 * Makes `Object.prototype` unchangeable, so that no key of a request can reach all objects. Comes
 * after every module is loaded: some assign to properties that they inherit, which would throw.
 */
export function freezeObjectPrototype(): void {
  Object.freeze(Object.prototype);
}
