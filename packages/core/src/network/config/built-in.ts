import type { Hex } from '@medseal/protocol';
import { memoryKeyStore } from '../../keys/memory-key-store.ts';
import { memoryDirectory } from '../../memory/memory-directory.ts';
import { memoryLedger } from '../../memory/memory-ledger.ts';
import { memoryProxyState } from '../../memory/memory-proxy-state.ts';
import { memoryStore } from '../../memory/memory-store.ts';
import { memoryViewStore } from '../../memory/memory-view-store.ts';
import { type Adapter, offer } from './adapter.ts';
import { authorityField } from './authority-field.ts';
import { optional, pattern } from './fields.ts';

/** Everything in memory: for tests, examples, and a first look. */
const memory: Adapter = {
  ledger: offer(
    'A ledger in memory, lost at the end of the process.',
    {
      authority: authorityField,
      salt: optional(
        pattern('Sets this ledger apart; random when absent.', /^0x[0-9a-f]{64}$/, '0x and 64 lower-case hex digits'),
      ),
    },
    async ({ authority, salt }, { clock }) =>
      memoryLedger({ authority, clock, ...(salt === undefined ? {} : { salt: salt as Hex }) }),
  ),
  store: offer('Payloads in memory, lost at the end of the process.', {}, async () => memoryStore()),
  directory: offer('Objects in memory, lost at the end of the process.', {}, async () => memoryDirectory()),
  keyStore: offer('Keys in memory, lost at the end of the process.', {}, async () => memoryKeyStore()),
  proxyState: offer('State in memory, lost at the end of the process.', {}, async () => memoryProxyState()),
  viewStore: offer('A verified log in memory, lost at the end of the process.', {}, async () => memoryViewStore()),
};

/** The adapters that core has by itself, by the name that `use` has. */
export const builtIn: Readonly<Record<string, Adapter>> = { memory };
