/** Bytes of the platform's generator; at most 65,536 at a time. */
export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** 32 random bytes. */
export function freshSalt(): Uint8Array {
  return randomBytes(32);
}
