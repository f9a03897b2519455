import { nobleBackend } from '@medseal/umbral';
import type { ReEncryptor, ReEncryptorDriver } from '../../src/index.ts';
import { umbral, umbralDriver } from '../umbral-re-encryptor.ts';
import type { Faults } from './faults.ts';

function faulty(change: () => Partial<ReEncryptor>): () => ReEncryptorDriver {
  return () => ({
    ...umbralDriver(nobleBackend),
    create: async () => ({ reEncryptor: { ...umbral, ...change() }, [Symbol.asyncDispose]: async () => {} }),
  });
}

const nothing = new Uint8Array();

/** What the call gives, or something that looks like it where it refuses. */
function neverRefusing<Call extends readonly unknown[]>(call: (...args: Call) => Uint8Array): typeof call {
  return (...args) => {
    try {
      return call(...args);
    } catch {
      return new Uint8Array(32);
    }
  };
}

export const reEncryptorFaults: Faults<ReEncryptorDriver> = {
  'ignores the context': faulty(() => ({
    encapsulate: (key) => umbral.encapsulate(key, nothing),
    verifyCapsule: (sealed, key) => umbral.verifyCapsule(sealed, key, nothing),
  })),
  'verifies no capsule': faulty(() => ({ verifyCapsule: () => {} })),
  'makes one capsule for all': faulty(() => {
    const made = new Map<string, ReturnType<ReEncryptor['encapsulate']>>();
    return {
      encapsulate: (key, context) => {
        const sealed = made.get(String(key)) ?? umbral.encapsulate(key, context);
        made.set(String(key), sealed);
        return sealed;
      },
    };
  }),
  'gives another key': faulty(() => ({ decapsulate: (...call) => umbral.decapsulate(...call).with(0, 1) })),
  'gives all proxies one fragment': faulty(() => ({
    delegate: (delegation) => {
      const [first = nothing] = umbral.delegate(delegation);
      return Array.from({ length: delegation.shares }, () => first);
    },
  })),
  'needs one fragment more': faulty(() => ({
    delegate: (delegation) =>
      umbral.delegate({ ...delegation, threshold: Math.min(delegation.threshold + 1, delegation.shares) }),
  })),
  'needs one fragment only': faulty(() => ({
    delegate: (delegation) => umbral.delegate({ ...delegation, threshold: 1 }),
  })),
  'verifies no key fragment': faulty(() => ({
    reencrypt: neverRefusing((...call: Parameters<ReEncryptor['reencrypt']>) => umbral.reencrypt(...call)),
  })),
  'verifies no re-encrypted fragment': faulty(() => ({
    combine: neverRefusing((...call: Parameters<ReEncryptor['combine']>) => umbral.combine(...call)),
  })),
};
