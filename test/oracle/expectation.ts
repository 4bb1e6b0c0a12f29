/**
 * One finding that must be there: of this rule, at one of these places at least. Places are
 * `ingress[0]` for a rule, `ingress[0][1]` for a peer, `ingress[0][1].except[2]` for a spelling.
 */
export type Expectation = {
  readonly rule: string;
  readonly keys: readonly string[];
  /** The specification can be read either way: the finding may be there, or not. */
  readonly optional?: boolean;
};
