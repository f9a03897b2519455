import { beforeEach, expect, it } from 'vitest';
import { logVerifiers, SignedLog } from '../../test/signed-log.ts';
import { SmallWorld } from '../../test/small-world.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import type { CheckpointState } from './checkpoint-state.ts';
import { ed25519WitnessSigner } from './witness-signer.ts';
import { witnessVerifier } from './witness-verifier.ts';
import { witnessedLedger } from './witnessed-ledger.ts';

const { verifierKey } = ed25519WitnessSigner({ name: 'witness.example/1', secretKey: new Uint8Array(32).fill(1) });
const requireWitnesses = { verifiers: [witnessVerifier(verifierKey)], quorum: 1 };
const unavailable = { code: 'LEDGER_UNAVAILABLE' };

let world: SmallWorld;
let log: SignedLog;
let ledger: Ledger;
beforeEach(async () => {
  world = new SmallWorld();
  log = new SignedLog();
  await world.person('a');
  await log.grow(world.ledger);
  const checkpoints: CheckpointSource = {
    checkpoint: () => new Promise(() => {}),
    cosigned: () => [],
    consistency: (from, to) => log.consistency(from, to),
  };
  ledger = witnessedLedger({ ledger: world.ledger, checkpoints, verifiers: logVerifiers, requireWitnesses });
});

it('lets go who waits for witnesses that are silent, when his signal aborts', async () => {
  const abort = new AbortController();
  const { signal } = abort;
  const waiting = [false, true].map((follow) => Array.fromAsync(ledger.entries({ follow, signal })));
  const results = Promise.allSettled([...waiting, ledger.head({ signal })]);
  const reason = new Error('enough');
  abort.abort(reason);
  for (const result of await results) expect(result).toEqual({ status: 'rejected', reason });
});

it('lets go who waits for them when it is closed: who follows without an error, and who comes later with one', async () => {
  const results = Promise.allSettled([
    Array.fromAsync(ledger.entries({ follow: true })),
    Array.fromAsync(ledger.entries()),
    ledger.head(),
  ]);
  await ledger[Symbol.asyncDispose]();
  const [followed, ...others] = await results;
  expect(followed).toEqual({ status: 'fulfilled', value: [] });
  for (const other of others) expect(other).toMatchObject({ status: 'rejected', reason: unavailable });
  await expect(Array.fromAsync(ledger.entries({ follow: true }))).rejects.toMatchObject(unavailable);
});

it('lets go who follows without an error, also while a state is silent', async () => {
  const saving = Promise.withResolvers<void>();
  let saves = 0;
  const state: CheckpointState = {
    load: async () => undefined,
    save: async () => {
      // First the checkpoint, then how far the reader is.
      if (++saves < 2) return;
      saving.resolve();
      await new Promise(() => {});
    },
  };
  const nobody = { verifiers: [], quorum: 0 };
  const options = { ledger: world.ledger, checkpoints: log, verifiers: logVerifiers, requireWitnesses: nobody, state };
  const silent = witnessedLedger(options);
  const following = Array.fromAsync(silent.entries({ follow: true }));
  await saving.promise;
  await silent[Symbol.asyncDispose]();
  expect(await following).toEqual([]);
});
