import { decodeEntry, encodeEntry } from '@medseal/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { logKey, logVerifiers, SignedLog } from '../../test/signed-log.ts';
import { SmallWorld, testWord } from '../../test/small-world.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import type { Receipt } from '../ports/ledger.ts';
import { addSignatures } from './add-signatures.ts';
import { checkpointText } from './checkpoint.ts';
import { cosign } from './cosign.ts';
import { inclusionProof } from './inclusion-proof.ts';
import { encodeProof, parseProof } from './proof.ts';
import { signNote } from './sign-note.ts';
import { leafHash } from './tree-hash.ts';
import { verifyProof } from './verify-proof.ts';
import { ed25519WitnessSigner } from './witness-signer.ts';
import { witnessVerifier } from './witness-verifier.ts';

const failing = (failed: string): unknown => expect.objectContaining({ name: 'UnverifiedLogError', failed });
const world = new SmallWorld();
const { genesis } = world.ledger;
const log = new SignedLog();
let receipt: Receipt;
let proof: Uint8Array;
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const edited = (from: string | RegExp, to: string): Uint8Array =>
  new TextEncoder().encode(textOf(proof).replace(from, to));
const check = (bytes: Uint8Array): unknown => verifyProof(bytes, { verifiers: logVerifiers, genesis });

beforeAll(async () => {
  const doctor = await world.person('doctor', ['provider']);
  const patient = await world.person('patient');
  receipt = await world.act(doctor, {
    type: 'requestAccess',
    patient: patient.id,
    level: 'private',
    newData: false,
    until: world.time + 100,
    terms: testWord(55),
  });
  await world.person('another');
  await world.person('and another');
  await log.grow(world.ledger);
  proof = log.prove(world.ledger, receipt.id);
});

describe('a proof', () => {
  it('gives entry, id, place and checkpoint, offline', () => {
    const { entry, id, index, checkpoint } = verifyProof(proof, { verifiers: logVerifiers, genesis });
    expect(entry).toMatchObject({ time: receipt.time, violation: undefined });
    expect([id, index, checkpoint.size, checkpoint.origin]).toEqual([receipt.id, 2, 5, 'example.org/log']);
  });

  it('has the text form of C2SP tlog-proof', () => {
    expect(textOf(proof)).toMatch(
      /^c2sp\.org\/tlog-proof@v1\nextra [\w+/=]+\nindex 2\n([\w+/]{43}=\n){3}\nexample\.org\/log\n5\n[\w+/]{43}=\n\n— example/,
    );
    expect(encodeProof(parseProof(proof))).toEqual(proof);
  });

  it('shows neither another place nor another entry', () => {
    expect(() => check(edited('index 2', 'index 3'))).toThrow(failing('inclusion'));
    expect(() => check(edited('index 2', 'index 5'))).toThrow(failing('inclusion'));
    const parts = parseProof(proof);
    const later = encodeEntry({ ...decodeEntry(parts.entry), time: receipt.time - 1 });
    expect(() => check(encodeProof({ ...parts, entry: later }))).toThrow(failing('inclusion'));
    expect(() => check(encodeProof({ ...parts, hashes: parts.hashes.slice(1) }))).toThrow(failing('inclusion'));
  });

  it('is nothing without the signature of the log', () => {
    expect(() => check(edited('log\n5\n', 'log\n6\n'))).toThrow(failing('signature'));
    expect(() => verifyProof(proof, { verifiers: [], genesis })).toThrow(failing('signer'));
  });

  it('of another ledger is refused, although the log is signed with the same key', async () => {
    const other = { ...genesis, domain: testWord(99) };
    expect(() => verifyProof(proof, { verifiers: logVerifiers, genesis: other })).toThrow(failing('command'));
  });

  it.each([
    ['entry', new Uint8Array(3)],
    ['command', encodeEntry({ time: 1, wire: new Uint8Array(10) })],
  ])('of what is no %s is refused', (failed, entry) => {
    const checkpoint = signNote(checkpointText({ origin: logKey.name, size: 1, root: leafHash(entry) }), [logKey]);
    const hashes = inclusionProof(0, 1, () => leafHash(entry));
    expect(() => check(encodeProof({ entry, index: 0, hashes, checkpoint }))).toThrow(failing(failed));
  });

  it('needs the cosignatures that are asked for', () => {
    const witness = ed25519WitnessSigner({ name: 'witness.example', secretKey: new Uint8Array(32).fill(1) });
    const policy = { witnesses: [witnessVerifier(witness.verifierKey)], quorum: 1 };
    const options = { verifiers: logVerifiers, genesis, ...policy };
    expect(() => verifyProof(proof, options)).toThrow(failing('witnesses'));
    const note = log.checkpoint();
    const cosigned = log.prove(world.ledger, receipt.id, addSignatures(note, cosign(note, witness, 1)));
    expect(verifyProof(cosigned, options).id).toBe(receipt.id);
    expect(() => verifyProof(cosigned, { ...options, quorum: 2 })).toThrow(RangeError);
  });

  it.each([
    ['another header', 'proof@v1', 'proof@v2'],
    ['no entry', /extra .*\n/, ''],
    ['an entry that is no base64', /extra ../, 'extra =='],
    ['no index', 'index 2\n', ''],
    ['a leading zero', 'index 2', 'index 02'],
    ['a hash cut short', /\n[\w+/]{43}=\n/, '\nAAAA\n'],
    ['64 hashes', 'index 2', `index 2\n${`${'A'.repeat(43)}=\n`.repeat(61)}`.trimEnd()],
    ['no blank line', '\n\nexample', '\nexample'],
    ['no signature', /\n— .*\n/, ''],
  ])('is malformed with %s', (_what, from, to) => {
    expect(() => check(edited(from, to))).toThrow(MalformedObjectError);
  });

  it('is UTF-8, without a mark in front', () => {
    expect(() => check(Uint8Array.of(...proof, 0xff))).toThrow(MalformedObjectError);
    expect(() => check(Uint8Array.of(0xef, 0xbb, 0xbf, ...proof))).toThrow(MalformedObjectError);
  });
});
