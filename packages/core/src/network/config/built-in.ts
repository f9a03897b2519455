import type { Hex } from '@medseal/protocol';
import { memoryKeyStore } from '../../keys/memory-key-store.ts';
import { memoryDirectory } from '../../memory/memory-directory.ts';
import { memoryLedger } from '../../memory/memory-ledger.ts';
import { memoryMirrorState } from '../../memory/memory-mirror-state.ts';
import { memoryProxyState } from '../../memory/memory-proxy-state.ts';
import { memoryStore } from '../../memory/memory-store.ts';
import { memoryViewStore } from '../../memory/memory-view-store.ts';
import { mirroredStore } from '../../mirror/mirrored-store.ts';
import type { Store } from '../../ports/store.ts';
import { type Adapter, offer } from './adapter.ts';
import { authorityField } from './authority-field.ts';
import { count, named, optional, part, pattern, section, withDefault } from './fields.ts';

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
  mirrorState: offer('What is owed in memory, lost at the end of the process.', {}, async () => memoryMirrorState()),
  directory: offer('Objects in memory, lost at the end of the process.', {}, async () => memoryDirectory()),
  keyStore: offer('Keys in memory, lost at the end of the process.', {}, async () => memoryKeyStore()),
  proxyState: offer('State in memory, lost at the end of the process.', {}, async () => memoryProxyState()),
  viewStore: offer('A verified log in memory, lost at the end of the process.', {}, async () => memoryViewStore()),
};

const repair = section('How copies are restored.', {
  concurrency: withDefault(count('Repairs at a time.', 1), 2),
  bytesPerSecond: optional(count('All repairs together read and write no more than this; unlimited when absent.', 1)),
  attempts: withDefault(count('How often a repair is tried.', 1), 4),
});

/** One store over several copies that heal each other. */
const mirror: Adapter = {
  store: offer(
    'One store over several copies that heal each other.',
    {
      copies: named('The copies, each under a name that stays the same.', part('A copy.', 'store')),
      state: part(
        'Where it stands which deletions and objects a copy has missed. One state for one mirror.',
        'mirrorState',
      ),
      writeQuorum: optional(
        count('How many copies must have an object before it counts as stored; a majority when absent.', 1),
      ),
      timeout: withDefault(
        count('Milliseconds for which a copy may keep silent before it counts as failed.', 1),
        10_000,
      ),
      hedgeAfter: withDefault(count('Milliseconds after which a second copy is asked too.', 0), 250),
      slack: withDefault(
        count('Bytes by which a slow copy may fall behind the others during a put.', 0),
        4 * 1024 * 1024,
      ),
      verifyAhead: withDefault(
        count('Objects up to this many bytes are verified before any of it is handed out.', 0),
        1024 * 1024,
      ),
      repair: withDefault(repair, { concurrency: 2, bytesPerSecond: undefined, attempts: 4 }),
    },
    async ({ copies, state, ...options }, context) => {
      const stores: Record<string, Store> = {};
      for (const [name, copy] of Object.entries(copies)) stores[name] = await context.open('store', copy);
      return mirroredStore(stores, { ...options, state: await context.open('mirrorState', state) });
    },
    ({ copies, writeQuorum = 1 }) => {
      const most = Object.keys(copies).length;
      return writeQuorum <= most
        ? []
        : [
            {
              path: 'writeQuorum',
              found: String(writeQuorum),
              allowed: `${most} at most, as many as there are copies`,
            },
          ];
    },
  ),
};

/** The adapters that core has by itself, by the name that `use` has. */
export const builtIn: Readonly<Record<string, Adapter>> = { memory, mirror };
