import {
  type CommandName,
  commandId,
  commands,
  concat,
  type Domain,
  type FieldKind,
  type FieldValue,
  fromHex,
  kinds,
  noOrganisation,
  wireFields,
} from '@medseal/protocol';
import { expect, test } from 'vitest';
import type { LedgerDriver } from '../ledger-driver.ts';
import { hashOf } from '../sequence/cast.ts';
import { meaningless, widthOf } from '../sequence/field-range.ts';
import { quorum } from '../sequence/sign.ts';
import { doctor, VALIDITY } from './desk.ts';
import { emptyWorld } from './ledger-world.ts';

/** Some value of each kind that is good anywhere. */
function someValue(kind: FieldKind, now: number): FieldValue {
  if (kind === 'participant') return doctor.address;
  if (kind === 'time') return now + VALIDITY;
  if (kind === 'level') return 'low';
  if (kind === 'roles') return ['patient'];
  if (kind === 'flag') return false;
  return kind === 'version' || kind === 'epoch' ? 1 : hashOf(kind);
}

/** Words that a field of this kind must not hold: those nearest to its range among them. */
function badWords(kind: FieldKind): readonly Uint8Array[] {
  const width = widthOf(kind);
  if (width === 32) return [];
  const withByte = (index: number, value: number): Uint8Array => new Uint8Array(32).fill(1, 31).with(index, value);
  const numbers = (meaningless[kind] ?? []).map((value) => withByte(30, value >> 8).with(31, value & 255));
  return [withByte(31 - width, 1), withByte(31 - width, 128), withByte(0, 128), ...numbers];
}

/** Wire bytes of these words, signed as they are by those who must sign such a command. */
function signedWords(name: CommandName, words: readonly Uint8Array[], domain: Domain): Uint8Array {
  const definition = commands[name];
  const digest = fromHex(commandId(definition, concat(...words), domain));
  const officials = definition.signers === 'actor' ? [] : quorum(0);
  const signers = definition.signers === 'authority' ? officials : [...officials, doctor];
  return concat(Uint8Array.of(definition.code), ...words, ...signers.map((signer) => signer.sign(digest)));
}

/** Every field of every command has one range, whoever signs for more. */
export function testFields(driver: () => LedgerDriver): void {
  test.each(Object.keys(commands) as CommandName[])('%s: refuses every field out of its range', async (name) => {
    await using world = await emptyWorld(driver());
    const { domain } = world.ledger.genesis;
    const fields = wireFields(commands[name]);
    const good = fields.map(([field, { kind }]) => {
      const value = field === 'organisation' ? noOrganisation : someValue(kind, world.now);
      return kinds[kind].encode(value) ?? new Uint8Array(32);
    });
    for (const [index, [, { kind }]] of fields.entries()) {
      for (const word of badWords(kind)) {
        const wire = signedWords(name, good.with(index, word), domain);
        expect(await world.under.sendRaw(wire)).toEqual({ outcome: 'rejected', code: 'MALFORMED' });
        await expect(world.ledger.submit(wire)).rejects.toMatchObject({ code: 'MALFORMED' });
      }
    }
    expect(await world.under.sendRaw(signedWords(name, good, domain))).not.toMatchObject({ code: 'MALFORMED' });
    expect(await world.under.sendRaw(signedWords(name, good, domain))).not.toMatchObject({ code: 'BAD_SIGNATURE' });
  });
}
