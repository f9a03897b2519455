import type { Ledger, LedgerEntry } from '@medseal/core/adapter';
import { decodeCommand, type Domain, type Hex, idOf } from '@medseal/protocol';
import { ethereumLedger } from '../src/ledger.ts';
import type { EthereumLedgerOptions } from '../src/options.ts';
import type { Eip1193Provider } from '../src/rpc.ts';
import { type Chain, collect, startChain, testOptions } from './driver.ts';
import { authorityOf, doctor, NOW, patient, registration, write } from './people.ts';

/** Stands between an adapter and the node: may delay, alter, refuse or lose what `call` does. */
export type Around = (method: string, params: readonly unknown[], call: () => Promise<unknown>) => Promise<unknown>;

/** A fresh ledger on which a patient and a doctor are registered, and short ways to use it. */
export interface PreparedLedger extends AsyncDisposable {
  readonly chain: Chain;
  readonly contract: Hex;
  readonly ledger: Ledger;
  readonly domain: Domain;
  /** Another adapter on the same contract, through a provider that stands between it and the node. */
  readonly through: (around: Around, changes?: Partial<EthereumLedgerOptions>) => Promise<Ledger>;
  readonly request: (terms: number, validUntil?: number) => Promise<Uint8Array>;
  readonly readAll: (options?: Parameters<Ledger['entries']>[0]) => Promise<readonly LedgerEntry[]>;
  readonly idOfWire: (wire: Uint8Array) => Hex;
}

export async function prepareLedger(): Promise<PreparedLedger> {
  const chain = await startChain();
  await chain.setTime(NOW);
  const contract = await chain.deploy(authorityOf(1));
  const options = testOptions(chain, contract);
  const ledger = await ethereumLedger(options);
  const { domain } = ledger.genesis;
  await (await ledger.submit(await registration(patient, domain, 1))).committed();
  await (await ledger.submit(await registration(doctor, domain, 1, { roles: ['provider'] }))).committed();
  return {
    chain,
    contract,
    ledger,
    domain,
    through: (around, changes = {}) => {
      const { rpcUrl: _, ...rest } = options;
      const provider: Eip1193Provider = {
        request: ({ method, params = [] }) => around(method, params, () => chain.rpc(method, params)),
      };
      return ethereumLedger({ ...rest, ...changes, provider });
    },
    request: (terms, validUntil) => {
      const fill = terms.toString(16).padStart(2, '0');
      const fields = { patient: patient.address, level: 'low', newData: false, until: NOW + 90_000 } as const;
      const draft = { type: 'requestAccess', ...fields, terms: `0x${fill.repeat(32)}` } as const;
      return write(draft, domain, doctor, validUntil);
    },
    readAll: (entriesOptions) => collect(ledger.entries(entriesOptions)),
    idOfWire: (wire) => idOf(decodeCommand(wire).command, domain),
    [Symbol.asyncDispose]: async () => {
      await ledger[Symbol.asyncDispose]();
      await chain[Symbol.asyncDispose]();
    },
  };
}
