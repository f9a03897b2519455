import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Hex, isHex } from '@medseal/protocol';
import { unlessMissing } from './io.ts';

/** Folders, one in the other, and the file of an object, all from its digest. No name given from outside is a path. */
export interface ObjectName {
  readonly folders: readonly [string, string];
  readonly file: string;
}

/** @throws TypeError when it is no digest. */
export function objectName(digest: Hex): ObjectName {
  if (!isHex(digest, 32)) throw new TypeError('digest must be 0x and 32 bytes in lower-case hex');
  const file = digest.slice(2);
  return { folders: [file.slice(0, 2), file.slice(2, 4)], file };
}

export function objectPath(objects: string, digest: Hex): string {
  const { folders, file } = objectName(digest);
  return join(objects, ...folders, file);
}

/** Digests of all objects, by name. What is no object is passed over. */
export async function* objectDigests(objects: string): AsyncGenerator<Hex> {
  for (const outer of await names(objects, 2)) {
    for (const inner of await names(join(objects, outer), 2)) {
      const prefix = outer + inner;
      for (const file of await names(join(objects, outer, inner), 64)) if (file.startsWith(prefix)) yield `0x${file}`;
    }
  }
}

async function names(folder: string, length: number): Promise<readonly string[]> {
  const found = (await unlessMissing(readdir(folder))) ?? [];
  return found.filter((name) => name.length === length && /^[0-9a-f]+$/.test(name)).toSorted();
}
