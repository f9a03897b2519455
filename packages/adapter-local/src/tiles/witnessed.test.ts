import { type LedgerDriver, ledgerSuite, type LedgerUnderTest } from '@medseal/conformance';
import { testSuite } from '@medseal/conformance/vitest';
import {
  askWitness,
  type CheckpointSource,
  ed25519WitnessSigner,
  noteVerifier,
  witness,
  witnessedLedger,
  witnessVerifier,
} from '@medseal/core/tlog';
import { localDriver } from '../../test/driver.ts';
import type { LocalLedger } from '../ledger/local-ledger.ts';

const signers = [1, 2].map((n) =>
  ed25519WitnessSigner({ name: `witness.example/${n}`, secretKey: new Uint8Array(32).fill(n) }),
);
const verifiers = signers.map(({ verifierKey }) => witnessVerifier(verifierKey));

/** Whoever asks for the last checkpoint finds it cosigned, as soon as `ready`. */
function cosignedAtOnce(ledger: LocalLedger, ready: () => Promise<void>): CheckpointSource {
  const log = [noteVerifier(ledger.verifierKey)];
  const witnesses = signers.map((signer) => {
    let saved: Uint8Array | undefined;
    const save = async (bytes: Uint8Array): Promise<void> => {
      saved = bytes;
    };
    return witness({ signer, verifiers: log, state: { load: async () => saved, save } });
  });
  let last: Promise<unknown> = Promise.resolve();
  const cosign = async (): Promise<string> => {
    await ready();
    for (const each of witnesses) ledger.addCosignature(await askWitness(ledger, each), verifiers);
    return ledger.checkpoint();
  };
  return {
    checkpoint: () => {
      const cosigned = last.then(cosign);
      last = cosigned.catch(() => {});
      return cosigned;
    },
    cosigned: () => ledger.cosigned(),
    consistency: (from, to) => ledger.consistency(from, to),
  };
}

const WITHIN = 'the ledger within answers, whatever witnesses do';
const beyond = { stall: { submit: WITHIN, committed: WITHIN, prove: WITHIN } };

function witnessedDriver(): LedgerDriver {
  const local = localDriver();
  return {
    name: 'witnessed',
    create: async (options): Promise<LedgerUnderTest> => {
      const under = await local.create(options);
      const inner = under.ledger as LocalLedger;
      let ready = Promise.resolve();
      const ledger = witnessedLedger({
        ledger: inner,
        checkpoints: cosignedAtOnce(inner, () => ready),
        verifiers: [noteVerifier(inner.verifierKey)],
        requireWitnesses: { verifiers, quorum: 2 },
        pollInterval: 2,
      });
      const stall = async (): Promise<AsyncDisposable> => {
        const { promise, resolve } = Promise.withResolvers<void>();
        ready = promise;
        return { [Symbol.asyncDispose]: async () => resolve() };
      };
      return { ...under, ledger, stall, beyond, [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose]() };
    },
    [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
  };
}

testSuite('Witnessed', ledgerSuite, async () => witnessedDriver());
