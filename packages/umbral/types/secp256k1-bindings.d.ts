/** The part of `secp256k1` 5 that is bound to libsecp256k1. Its main entry would fall back to `elliptic`. */
declare module 'secp256k1/bindings.js' {
  interface EcdhOptions {
    readonly hashfn: (x: Uint8Array, y: Uint8Array) => Uint8Array;
    readonly xbuf: Uint8Array;
    readonly ybuf: Uint8Array;
  }
  interface Bindings {
    contextRandomize(seed: Uint8Array): void;
    ecdh(point: Uint8Array, scalar: Uint8Array, options: EcdhOptions, output: Uint8Array): Uint8Array;
    ecdsaRecover(
      signature: Uint8Array,
      recovery: number,
      digest: Uint8Array,
      compressed: boolean,
      output?: Uint8Array,
    ): Uint8Array;
    ecdsaSign(
      digest: Uint8Array,
      secret: Uint8Array,
      options: { readonly data: Uint8Array },
    ): { readonly signature: Uint8Array };
    ecdsaVerify(signature: Uint8Array, digest: Uint8Array, point: Uint8Array): boolean;
    publicKeyCombine(points: readonly Uint8Array[], compressed: boolean): Uint8Array;
    publicKeyConvert(point: Uint8Array, compressed: boolean): Uint8Array;
    publicKeyCreate(scalar: Uint8Array, compressed: boolean): Uint8Array;
    publicKeyTweakMul(point: Uint8Array, scalar: Uint8Array, compressed: boolean): Uint8Array;
  }
  const bindings: Bindings;
  export default bindings;
}
