import { createHash } from 'node:crypto';
import type { BlobRef } from '@medseal/core/adapter';

/** How many objects there are. */
export const mirroredObjects = 4;

function bytesOf(object: number): Uint8Array {
  return Uint8Array.from({ length: 150_000 }, (_, index) => (index * 7 + object) & 255);
}

/** The bytes of an object, in three pieces. */
export async function* mirroredContent(object: number): AsyncGenerator<Uint8Array> {
  const bytes = bytesOf(object);
  for (let start = 0; start < bytes.length; start += 50_000) yield bytes.slice(start, start + 50_000);
}

export function mirroredRef(object: number): BlobRef {
  const bytes = bytesOf(object);
  return { digest: `0x${createHash('sha256').update(bytes).digest('hex')}`, size: bytes.length, locator: '' };
}
