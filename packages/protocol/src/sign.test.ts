import { expect, test } from 'vitest';
import { alice, genesis, hashOf, now, officials, stranger } from '../test/world.ts';
import type { Command } from './commands/index.ts';
import { memorySigner } from './encode/signature.ts';
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
