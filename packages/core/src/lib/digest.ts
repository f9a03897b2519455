import { concat, type Hex, toHex } from '@medseal/protocol';
import type { PacedHash } from './crypto-backend.ts';
import { platformBackend } from './platform-backend.ts';
import { tagWord } from './tag-word.ts';

export function sha256Hex(bytes: Uint8Array): Hex {
  const hash = platformBackend().sha256();
  hash.update(bytes);
  return toHex(hash.digest());
}

/** SHA-256 behind a tag naming the kind of the object, so that one kind's commitment is never another's. */
export function taggedDigest(tag: string, bytes: Uint8Array): Hex {
  return sha256Hex(concat(tagWord(tag), bytes));
}

export interface Digesting {
  /** The source's pieces, unchanged. */
  readonly stream: AsyncIterable<Uint8Array>;
  /** Of everything that has gone through; `undefined` before the stream has ended. */
  result(): { readonly digest: Hex; readonly size: number } | undefined;
}

/** SHA-256 and size of a stream, taken while somebody else reads it. */
export function digesting(source: AsyncIterable<Uint8Array>, hash: PacedHash = platformBackend().sha256()): Digesting {
  let size = 0;
  let digest: Hex | undefined;
  async function* stream(): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of source) {
        const busy = hash.update(piece);
        if (busy !== undefined) await busy;
        size += piece.length;
        yield piece;
      }
      digest = toHex(await hash.digest());
    } finally {
      hash.dispose?.();
    }
  }
  return { stream: stream(), result: () => (digest === undefined ? undefined : { digest, size }) };
}
