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
import { hashOf } from '../sequence/cast.ts';
import { meaningless, widthOf } from '../sequence/field-range.ts';
import { quorum } from '../sequence/sign.ts';
import { expectEqual, expectRejection, expectTrue } from '../suite/expect.ts';
import { doctor, VALIDITY } from './desk.ts';
import type { LedgerCase } from './ledger-case.ts';
import type { LedgerWorld } from './ledger-world.ts';

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

async function refusesEveryBadField(name: CommandName, world: LedgerWorld): Promise<void> {
  const { domain } = world.ledger.genesis;
  const fields = wireFields(commands[name]);
  const good = fields.map(([field, { kind }]) => {
    const value = field === 'organisation' ? noOrganisation : someValue(kind, world.now);
    return kinds[kind].encode(value) ?? new Uint8Array(32);
  });
  for (const [index, [field, { kind }]] of fields.entries()) {
    for (const word of badWords(kind)) {
      const wire = signedWords(name, good.with(index, word), domain);
      const answer = await world.under.sendRaw(wire);
      expectEqual(answer, { outcome: 'rejected', code: 'MALFORMED' }, `${field} out of its range, past the adapter`);
      await expectRejection(world.ledger.submit(wire), { code: 'MALFORMED' }, `${field} out of its range`);
    }
  }
  const answer = await world.under.sendRaw(signedWords(name, good, domain));
  const code = 'code' in answer ? answer.code : undefined;
  expectTrue(code !== 'MALFORMED' && code !== 'BAD_SIGNATURE', 'good fields and signatures pass', answer);
}

/** Every field of every command has one range, whoever signs for more. */
export const fieldCases: readonly LedgerCase[] = (Object.keys(commands) as CommandName[]).map((name) => ({
  name: `${name}: refuses every field out of its range`,
  run: (world) => refusesEveryBadField(name, world),
}));
