/** The part of `secp256k1` 5 that is bound to libsecp256k1. Its main entry would fall back to `elliptic`. */
declare module 'secp256k1/bindings.js' {
  interface Bindings {
    ecdsaRecover(signature: Uint8Array, recovery: number, digest: Uint8Array, compressed: boolean): Uint8Array;
  }
  const bindings: Bindings;
  export default bindings;
}
