import { describe, expect, it } from 'vitest';
import { authority, config, issuesOf, memory, official, talkative } from '../../../test/configured.ts';
import { failure } from '../../../test/hospital.ts';
import { UnavailableSecretError } from '../../errors/unavailable-secret-error.ts';
import { memoryDirectory } from '../../memory/memory-directory.ts';
import { memoryLedger } from '../../memory/memory-ledger.ts';
import { memoryMirrorState } from '../../memory/memory-mirror-state.ts';
import { memoryStore } from '../../memory/memory-store.ts';
import { generateKeys } from '../../keys/participant-keys.ts';
import { memoryViewStore } from '../../memory/memory-view-store.ts';
import { register } from '../../phases/setup/register.ts';
import { type Adapter, offer } from './adapter.ts';
import * as fields from './fields.ts';
import type { NetworkConfig } from './network-config.ts';
import { openNetwork } from '../open-network.ts';

describe('a view store', () => {
  it('keeps the log, under a key, from one start to the next', async () => {
    const kept = memoryViewStore();
    const ledger = memoryLedger({ authority });
    const adapter: Adapter = {
      ledger: offer('', {}, async () => ledger),
      viewStore: offer('', {}, async () => kept),
    };
    const faults: unknown[] = [];
    const start = (secret: string) =>
      openNetwork(
        { ...config, ledger: { use: 'same' }, view: { use: 'same', key: { env: 'VIEW_KEY' } } },
        {
          adapters: { same: async () => ({ adapter }) },
          secrets: async () => secret,
          onViewFault: (error) => faults.push(error),
        },
      );
    const first = await start('one key');
    const registrar = first.authority([official], new Uint8Array(32));
    await register(registrar, { keys: generateKeys(), roles: ['patient'], clearance: 'low', person: 'patient' });
    await first.view.sync();
    expect(await kept.checkpoint()).toBeDefined();
    await start('one key');
    expect(faults).toEqual([]);
    await start('another key');
    expect(faults).toMatchObject([{ name: 'ViewStoreDamagedError' }]);
  });
});

describe('the view of a proxy', () => {
  it('is kept where the configuration says', async () => {
    const kept = memoryViewStore();
    const adapter: Adapter = { viewStore: offer('', {}, async () => kept) };
    const adapters = { shelf: async () => ({ adapter }) };
    const proxies = config.proxies.map((proxy, index) => (index === 0 ? { ...proxy, view: { use: 'shelf' } } : proxy));
    await using network = await openNetwork({ ...config, proxies }, { adapters });
    const registrar = network.authority([official], new Uint8Array(32));
    await register(registrar, { keys: generateKeys(), roles: ['patient'], clearance: 'low', person: 'patient' });
    expect(await kept.checkpoint()).toBeUndefined();
    const asked = network.proxies.map((proxy) =>
      failure(proxy.reencrypt({ use: `0x${'00'.repeat(32)}`, header: new Uint8Array() })),
    );
    await Promise.all(asked);
    expect(await kept.checkpoint()).toBeDefined();
  });

  it('is its own', async () => {
    const view = { use: 'local', path: 'view.db' };
    const adapter: Adapter = { viewStore: offer('', { path: fields.path('') }, async () => memoryViewStore()) };
    const proxies = config.proxies.map((proxy) => ({ ...proxy, view }));
    expect(await issuesOf({ ...config, proxies }, { adapters: { local: async () => ({ adapter }) } })).toMatchObject([
      { path: 'proxies[1].view', found: 'the view of another proxy' },
      { path: 'proxies[2].view', found: 'the view of another proxy' },
    ]);
  });
});

describe('a mirror', () => {
  const mirrored = (changes: object = {}): NetworkConfig => ({
    ...config,
    store: { use: 'mirror', copies: { north: memory, south: memory }, state: memory, writeQuorum: 2, ...changes },
  });

  it('opens its copies, and closes them behind itself', async () => {
    const said: string[] = [];
    const blobs = memoryStore();
    const adapter: Adapter = { ...talkative(said), directory: offer('', {}, async () => memoryDirectory()) };
    const other: Adapter = { store: offer('', {}, async () => blobs) };
    const copies = { north: { use: 'spy' }, south: { use: 'other' } };
    const network = await openNetwork(mirrored({ copies }), {
      adapters: { spy: async () => ({ adapter }), other: async () => ({ adapter: other }) },
    });
    const bytes = Uint8Array.of(1, 2, 3);
    async function* once() {
      yield bytes;
    }
    const { digest } = await network.store.put(once());
    expect(blobs.blobs.get(digest)).toEqual(bytes);
    expect(network.config.store).toMatchObject({ copies, writeQuorum: 2, timeout: 10_000, repair: { attempts: 4 } });
    await network[Symbol.asyncDispose]();
    expect(said).toEqual(['open store', 'close store']);
  });

  it('keeps what it owes where the configuration says, and nowhere by itself', async () => {
    const state = memoryMirrorState();
    const ref = { digest: `0x${'ab'.repeat(32)}`, size: 3, locator: '' } as const;
    await state.owe([{ copy: 'north', task: 'delete', ref }]);
    const adapter: Adapter = { mirrorState: offer('', {}, async () => state) };
    const network = await openNetwork(mirrored({ state: { use: 'same' } }), {
      adapters: { same: async () => ({ adapter }) },
    });
    expect(await network.store.has(ref)).toBe(false);
    await network[Symbol.asyncDispose]();
    expect(await state.load()).toEqual([]);
    expect(await issuesOf(mirrored({ state: undefined }))).toMatchObject([{ path: 'store.state' }]);
  });

  it('is checked with all its copies', async () => {
    const copies = { north: { use: 'memroy' }, south: { use: 'memory', path: 'x' }, east: 7 };
    expect(await issuesOf(mirrored({ copies }))).toEqual([
      { path: 'store.copies.east', found: '7', allowed: 'a store section with "use"' },
      {
        path: 'store.copies.north.use',
        found: '"memroy", which the application does not list',
        allowed: '"memory" (did you mean that?)',
      },
      { path: 'store.copies.south.path', found: 'a field that is not known', allowed: '"use"' },
    ]);
    const reserved = JSON.parse('{"__proto__":{"use":"memory"},"constructor":{"use":"memory"},"a":{"use":"memory"}}');
    expect(await issuesOf(mirrored({ copies: reserved as object, writeQuorum: 1 }))).toEqual(
      ['__proto__', 'constructor'].map((name) => ({
        path: `store.copies.${name}`,
        found: 'a reserved name',
        allowed: 'another name',
      })),
    );
    expect(await issuesOf(mirrored({ copies: {} }))).toMatchObject([
      { path: 'store.copies', allowed: 'an object with one or more' },
    ]);
    expect(await issuesOf(mirrored({ copies: [memory] }))).toMatchObject([{ path: 'store.copies' }]);
    expect(await issuesOf(mirrored({ writeQuorum: 3 }))).toEqual([
      { path: 'store.writeQuorum', found: '3', allowed: '2 at most, as many as there are copies' },
    ]);
  });
});

describe('an optional section', () => {
  it('is checked like any other', async () => {
    const proxy = { subject: 'proxy', state: memory };
    const wrong = { ...config, proxies: [{ ...proxy, bulkLimit: [] }] } as unknown;
    expect(await issuesOf(wrong)).toEqual([
      { path: 'proxies[0].bulkLimit', found: 'a list of 0', allowed: 'an object' },
    ]);
    const misspelt = { ...config, proxies: [{ ...proxy, bulkLimit: { used: 3, secs: 1 } }] } as unknown;
    expect(await issuesOf(misspelt)).toEqual([
      { path: 'proxies[0].bulkLimit.secs', found: 'a field that is not known', allowed: '"uses", "seconds"' },
      { path: 'proxies[0].bulkLimit.used', found: 'a field that is not known', allowed: '"uses" (did you mean that?)' },
    ]);
    await using network = await openNetwork({ ...config, proxies: [{ ...proxy, bulkLimit: { uses: 3 } }] });
    expect(network.config.proxies[0]?.bulkLimit).toEqual({ uses: 3, seconds: 3600 });
  });
});

describe('secrets', () => {
  const opened: string[] = [];
  const vault: Adapter = {
    store: offer('', { key: fields.secret('') }, async ({ key }, context) => {
      opened.push(await context.secret(key));
      return memoryStore();
    }),
  };
  const adapters = { vault: async () => ({ adapter: vault }) };
  const withKey = (key: unknown) =>
    ({ ...config, base: '/etc/medseal', store: { use: 'vault', key } }) as NetworkConfig;

  it('are resolved by the application, and stay references in the configuration', async () => {
    const asked: unknown[] = [];
    const secrets = async (reference: unknown, { base }: { readonly base?: string | undefined }) => {
      asked.push([reference, base]);
      return 'hunter2';
    };
    await using network = await openNetwork(withKey({ env: 'STORE_KEY' }), { adapters, secrets });
    expect(opened.splice(0)).toEqual(['hunter2']);
    expect(asked).toEqual([
      [{ env: 'STORE_KEY' }, '/etc/medseal'],
      [{ env: 'STORE_KEY' }, '/etc/medseal'],
    ]);
    expect(JSON.stringify(network.config)).not.toContain('hunter2');
  });

  it.each([
    'hunter2',
    424_242,
    { env: 'hunter2', file: 'hunter2' },
    { env: '0xhunter2' },
    { value: 'hunter2' },
    { hunter2: 1 },
    ['hunter2'],
  ])('are refused as literals and never repeated: %j', async (literal) => {
    const error = await failure(openNetwork(withKey(literal), { adapters, secrets: async () => '' }));
    expect(error).toMatchObject({
      code: 'INVALID_CONFIG',
      issues: [{ path: expect.stringMatching(/^store\.key/), allowed: fields.SECRET_ALLOWED }],
    });
    expect(`${String(error)}${JSON.stringify(error)}`).not.toMatch(/hunter2|424242/);
  });

  it('that are missing are told before anything is opened', async () => {
    const cause = new UnavailableSecretError('it is not set');
    const none = await failure(
      openNetwork(withKey({ env: 'STORE_KEY' }), { adapters, secrets: () => Promise.reject(cause) }),
    );
    expect(none).toMatchObject({
      cause,
      issues: [{ path: 'store.key', found: '{ "env": "STORE_KEY" }, which cannot be resolved: it is not set' }],
    });
    const foreign = await issuesOf(withKey({ env: 'hunter2' }), {
      adapters,
      secrets: () => Promise.reject(new Error('hunter2 is wrong')),
    });
    expect(JSON.stringify(foreign)).not.toContain('hunter2');
    expect(await issuesOf(withKey({ file: 'key' }), { adapters })).toMatchObject([
      { path: 'store.key', found: expect.stringContaining('no `secrets`') },
    ]);
    expect(opened).toEqual([]);
  });
});
