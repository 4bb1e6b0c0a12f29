/** A certificate and its private key, both PEM. Never log one whole. */
export type KeyPair = { readonly certificate: string; readonly key: string };

/** A certificate authority: the pair that signs leaves. */
export type Authority = KeyPair;
