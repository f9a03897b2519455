import { keccak_256 } from '@noble/hashes/sha3.js';
import { expect, test } from 'vitest';
import { alice, genesis, hashOf, now, officials, stranger } from '../test/world.ts';
import type { Command } from './commands/index.ts';
import { toHex } from './encode/bytes.ts';
import type { Keccak256 } from './encode/eip712.ts';
import { memorySigner, type RecoverSigner } from './encode/signature.ts';
import { verifyCommand } from './machine.ts';
import { MalformedCommandError } from './malformed-command-error.ts';
import { idOf, signCommand } from './sign.ts';

const denial: Command = {
  type: 'denyAccess',
  patient: alice.address,
  request: hashOf('request'),
  actor: alice.address,
  validUntil: now + 60,
};

test('a signed command is verified and has the id that was signed', async () => {
  const wire = await signCommand(denial, genesis.domain, memorySigner(alice.secretKey));
  expect(verifyCommand(wire, genesis)).toMatchObject({ id: idOf(denial, genesis.domain), command: denial });
});

test('the authority signs in the order given, a new participant last', async () => {
  const register: Command = {
    type: 'register',
    participant: stranger.address,
    keyDocument: hashOf('keys'),
    organisation: `0x${'00'.repeat(20)}`,
    roles: ['patient'],
    clearance: 'low',
    person: hashOf('person'),
    validUntil: now + 60,
  };
  const [a, , c] = officials.map(({ secretKey }) => memorySigner(secretKey));
  if (a === undefined || c === undefined) throw new Error('three officials sign');
  const own = memorySigner(stranger.secretKey);
  const good = await signCommand(register, genesis.domain, a, c, own);
  expect(verifyCommand(good, genesis)).toMatchObject({ id: idOf(register, genesis.domain) });
  const wrong = await signCommand(register, genesis.domain, c, a, own);
  expect(verifyCommand(wrong, genesis)).toEqual({ outcome: 'rejected', code: 'BAD_SIGNATURE' });
});

test('a command with a field out of range is not signed', async () => {
  const signer = memorySigner(alice.secretKey);
  await expect(signCommand({ ...denial, validUntil: -1 }, genesis.domain, signer)).rejects.toThrow(
    MalformedCommandError,
  );
  expect(() => idOf({ ...denial, request: '0x00' }, genesis.domain)).toThrow(/request/);
});

test('33 signatures where one is asked for are refused', () => {
  expect(verifyCommand(new Uint8Array(1 + 4 * 32 + 33 * 65).fill(7, 0, 1), genesis)).toEqual({
    outcome: 'rejected',
    code: 'BAD_SIGNATURE',
  });
});

test('another recovery can be given, and is asked for each signature', async () => {
  const wire = await signCommand(denial, genesis.domain, memorySigner(alice.secretKey));
  const asked: Uint8Array[] = [];
  const recover: RecoverSigner = (digest, signature) => {
    asked.push(signature);
    return toHex(digest) === idOf(denial, genesis.domain) ? stranger.address : undefined;
  };
  expect(verifyCommand(wire, genesis, { recover })).toEqual({ outcome: 'rejected', code: 'BAD_SIGNATURE' });
  expect(asked).toEqual([wire.slice(-65)]);
});

test('another Keccak-256 can be given, and makes the id and what was signed', async () => {
  const wire = await signCommand(denial, genesis.domain, memorySigner(alice.secretKey));
  const asked: Uint8Array[] = [];
  const keccak256: Keccak256 = (bytes) => {
    asked.push(bytes);
    return keccak_256(bytes);
  };
  expect(verifyCommand(wire, genesis, { keccak256 })).toEqual(verifyCommand(wire, genesis));
  expect(asked.map(({ length }) => length)).toEqual([5 * 32, 2 + 2 * 32]);
  const constant: Keccak256 = () => new Uint8Array(32).fill(1);
  expect(verifyCommand(wire, genesis, { keccak256: constant })).toEqual({ outcome: 'rejected', code: 'BAD_SIGNATURE' });
  expect(verifyCommand(wire, genesis, { keccak256: constant, signatures: 'assume' })).toMatchObject({
    id: `0x${'01'.repeat(32)}`,
  });
});

test('assuming signatures skips their recovery, not their number nor the decoding', async () => {
  const wire = await signCommand(denial, genesis.domain, memorySigner(alice.secretKey));
  const place = wire.length - 5;
  const forged = wire.with(place, 1 ^ (wire[place] ?? 0));
  const recover: RecoverSigner = () => {
    throw new Error('nothing is to be recovered');
  };
  const assume = { signatures: 'assume', recover } as const;
  expect(verifyCommand(forged, genesis)).toEqual({ outcome: 'rejected', code: 'BAD_SIGNATURE' });
  expect(verifyCommand(forged, genesis, assume)).toMatchObject({ id: idOf(denial, genesis.domain), command: denial });
  const twice = Uint8Array.from([...wire, ...wire.slice(-65)]);
  expect(verifyCommand(twice, genesis, assume)).toEqual({ outcome: 'rejected', code: 'BAD_SIGNATURE' });
  expect(verifyCommand(wire.slice(1), genesis, assume)).toEqual({ outcome: 'rejected', code: 'MALFORMED' });
});
