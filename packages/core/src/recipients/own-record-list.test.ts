import type { Hex } from '@medseal/protocol';
import { expect, it } from 'vitest';
import { DecryptionError } from '../errors/decryption-error.ts';
import { openOwnList, sealOwnList } from './own-record-list.ts';

const keys = { delegatingRoot: new Uint8Array(32).fill(1) };
const word = (byte: string): Hex => `0x${byte.repeat(32)}`;
const place = { domain: word('aa'), scope: word('bb') };
const list = new Uint8Array(67).fill(5);

it('opens for her who sealed it, whatever else she has rotated, and is the same each time', async () => {
  const sealed = await sealOwnList(keys, place, list);
  expect(await openOwnList({ ...keys }, place, sealed)).toEqual(list);
  expect(await sealOwnList(keys, place, list)).toEqual(sealed);
});

it('opens for nobody else, for no other list and on no other ledger', async () => {
  const sealed = await sealOwnList(keys, place, list);
  const other = { delegatingRoot: new Uint8Array(32).fill(2) };
  await expect(openOwnList(other, place, sealed)).rejects.toThrow(DecryptionError);
  for (const elsewhere of [
    { ...place, scope: word('bc') },
    { ...place, domain: word('ab') },
  ]) {
    await expect(openOwnList(keys, elsewhere, sealed)).rejects.toThrow(DecryptionError);
    // The nonce is always the same: no two lists may share a key.
    expect((await sealOwnList(keys, elsewhere, list)).slice(0, 16)).not.toEqual(sealed.slice(0, 16));
  }
});

it('is refused when a byte of it was changed', async () => {
  const sealed = await sealOwnList(keys, place, list);
  for (let index = 0; index < sealed.length; index++)
    await expect(openOwnList(keys, place, sealed.with(index, (sealed[index] ?? 0) ^ 1))).rejects.toThrow(
      DecryptionError,
    );
});
