import { keccak_256 } from '@noble/hashes/sha3.js';
import type { AnchorRecord } from '../commands/anchor-record.ts';
import { concat, fromHex, type Hex, toHex } from './bytes.ts';
import { levels } from './kinds.ts';
import { leftPad, numberWord, tagWord } from './word.ts';

/** What fixes a record's id. The header digest is not among it: stanzas inside the header bind the id. */
export type RecordParts = Pick<AnchorRecord, 'owner' | 'compartment' | 'epoch' | 'level' | 'payloadDigest' | 'salt'> & {
  readonly author: Hex;
};

/** Id of a record: derived, never sent, so nobody can claim another's. Says nothing to an observer. */
export function recordId(parts: RecordParts): Hex {
  return toHex(
    keccak_256(
      concat(
        tagWord('medseal record'),
        leftPad(fromHex(parts.owner)),
        leftPad(fromHex(parts.author)),
        fromHex(parts.compartment),
        numberWord(parts.epoch),
        numberWord(levels.indexOf(parts.level) + 1),
        fromHex(parts.payloadDigest),
        fromHex(parts.salt),
      ),
    ),
  );
}

/** Id of the record that this anchor is about. */
export function anchoredRecordId(anchor: AnchorRecord): Hex {
  return recordId({ ...anchor, author: anchor.actor });
}
