import { describe, expect, it } from 'vitest';
import { authority, config, issuesOf, memory, official, talkative } from '../../test/configured.ts';
import { failure } from '../../test/hospital.ts';
import { LedgerUnavailableError } from '../errors/ledger-errors.ts';
import { memoryDirectory } from '../memory/memory-directory.ts';
import { register } from '../phases/setup/register.ts';
import { type Adapter, offer } from './config/adapter.ts';
import * as fields from './config/fields.ts';
import type { NetworkConfig } from './config/network-config.ts';
import { openNetwork } from './open-network.ts';

const spoken: NetworkConfig = {
  ...config,
  ledger: { use: 'spy' },
  store: { use: 'spy' },
  directory: { use: 'spy' },
};
const opening = ['open ledger', 'open store', 'open directory'];
const closing = ['close directory', 'close store', 'close ledger'];

describe('openNetwork', () => {
  it('opens a network whose proxies run in this process', async () => {
    await using network = await openNetwork(config);
    expect(network.proxies).toHaveLength(3);
    expect(new Set(network.proxies.map(({ id }) => id)).size).toBe(3);
    const registrar = network.authority([official], new Uint8Array(32));
    for (const { subject } of network.config.proxies) {
      const keys = await network.keys.unlock(subject);
      await register(registrar, { keys, roles: ['proxy'], clearance: 'low', person: subject });
    }
    await network.view.sync();
    expect(network.view.entries).toHaveLength(3);
  });

  it('shows the configuration in effect, and leaves the given one alone', async () => {
    const given = structuredClone(config);
    await using network = await openNetwork(given);
    expect(given).toEqual(config);
    expect(network.threshold).toBe(2);
    expect(network.config).toEqual({
      ...config,
      threshold: 2,
      proxies: config.proxies.map((proxy) => ({ ...proxy, bulkLimit: { uses: 200, seconds: 3600 } })),
    });
  });

  it('gives the clock to ledger, view and proxies', async () => {
    await using network = await openNetwork(config, { clock: () => 1_800_000_000 });
    expect((await network.ledger.head()).time).toBe(1_800_000_000);
    expect(network.now()).toBe(1_800_000_000);
  });

  it('loads the adapters that are in use, once each, and no other', async () => {
    const loaded: string[] = [];
    const load = (name: string) => async () => {
      loaded.push(name);
      return { adapter: talkative([]) };
    };
    await using network = await openNetwork(spoken, { adapters: { other: load('other'), spy: load('spy') } });
    expect(loaded).toEqual(['spy']);
    expect(network.ledger.genesis.authority).toEqual(authority);
  });

  it('needs no key store where every proxy has its own', async () => {
    const { keys, ...rest } = config;
    const proxies = config.proxies.map((proxy) => ({ ...proxy, keys }));
    await using network = await openNetwork({ ...rest, proxies });
    expect(network.proxies).toHaveLength(3);
    expect(await failure(network.keys.unlock('proxy 1'))).toMatchObject({ code: 'UNSUPPORTED' });
  });

  it('closes what it opened, in reverse order, once', async () => {
    const said: string[] = [];
    const network = await openNetwork(spoken, { adapters: { spy: async () => ({ adapter: talkative(said) }) } });
    expect(said).toEqual(opening);
    await network[Symbol.asyncDispose]();
    await network[Symbol.asyncDispose]();
    expect(said).toEqual([...opening, ...closing]);
  });

  it('closes the others when one fails to close, and says so', async () => {
    const said: string[] = [];
    const adapter = talkative(said, { stuck: 'store' });
    const network = await openNetwork(spoken, { adapters: { spy: async () => ({ adapter }) } });
    await expect(network[Symbol.asyncDispose]()).rejects.toThrow('store is stuck');
    expect(said).toEqual([...opening, ...closing]);
  });

  it.each([
    ['ledger', []],
    ['store', ['open ledger', 'close ledger']],
    ['directory', ['open ledger', 'open store', 'close store', 'close ledger']],
  ])('closes what was opened when the %s fails', async (failing, expected) => {
    const said: string[] = [];
    const adapters = { spy: async () => ({ adapter: talkative(said, { failing }) }) };
    expect(await failure(openNetwork(spoken, { adapters }))).toMatchObject({ message: `no ${failing}` });
    expect(said).toEqual(expected);
  });

  it('closes everything when a proxy cannot start, and tells the failure that came first', async () => {
    const said: string[] = [];
    const broken: Adapter = {
      proxyState: offer('', {}, () => Promise.reject(new LedgerUnavailableError('no disk'))),
    };
    const proxies = [{ subject: 'proxy', state: { use: 'broken' } }];
    const adapters = {
      spy: async () => ({ adapter: talkative(said, { stuck: 'ledger' }) }),
      broken: async () => ({ adapter: broken }),
    };
    expect(await failure(openNetwork({ ...spoken, proxies }, { adapters }))).toMatchObject({ message: 'no disk' });
    expect(said).toEqual([...opening, ...closing]);
  });

  it('opens nothing for a signal that is aborted, and closes what was open when it aborts', async () => {
    const said: string[] = [];
    const reason = new Error('enough');
    const adapters = { spy: async () => ({ adapter: talkative(said) }) };
    expect(await failure(openNetwork(spoken, { adapters, signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(said).toEqual([]);
    const abort = new AbortController();
    const directory = offer('', {}, async () => {
      abort.abort(reason);
      return memoryDirectory();
    });
    const late = { spy: async () => ({ adapter: { ...talkative(said), directory } }) };
    expect(await failure(openNetwork(spoken, { adapters: late, signal: abort.signal }))).toBe(reason);
    expect(said).toEqual(['open ledger', 'open store', 'close store', 'close ledger']);
  });

  it('refuses a ledger with another domain', async () => {
    const said: string[] = [];
    const adapters = { spy: async () => ({ adapter: talkative(said) }) };
    const pinned = { ...spoken, ledger: { use: 'spy', domain: `0x${'ab'.repeat(32)}` } };
    expect(await failure(openNetwork(pinned, { adapters }))).toMatchObject({ code: 'WRONG_LEDGER' });
    expect(said).toEqual(['open ledger', 'close ledger']);
    const salt = `0x${'11'.repeat(32)}`;
    await using first = await openNetwork({ ...config, ledger: { use: 'memory', authority, salt } });
    const { domain } = first.ledger.genesis;
    await using again = await openNetwork({ ...config, ledger: { use: 'memory', authority, salt, domain } });
    expect(again.ledger.genesis.domain).toBe(domain);
  });
});

describe('a wrong configuration', () => {
  it('is told all that is wrong with it, by path', async () => {
    const wrong = {
      ledger: { use: 'memory', authority: { threshold: '1', keys: ['0xAB', official.address] } },
      store: { use: 'fabrik' },
      proxys: [],
      proxies: [{ subject: '', state: 'here' }, 7],
      threshold: 0.5,
    };
    expect(await issuesOf(wrong)).toEqual([
      { path: 'directory', found: 'nothing', allowed: 'directory section' },
      {
        path: 'ledger.authority.keys[0]',
        found: 'text of 4 characters',
        allowed: '0x and 40 lower-case hex digits',
      },
      { path: 'ledger.authority.threshold', found: 'text of 1 character', allowed: 'whole number from 1 to 32' },
      { path: 'proxies[0].keys', found: 'nothing', allowed: 'a key store here, or `keys` for the whole network' },
      { path: 'proxies[0].state', found: 'text of 4 characters', allowed: 'a proxyState section with "use"' },
      { path: 'proxies[0].subject', found: 'empty text', allowed: 'name of a subject that is not empty' },
      { path: 'proxies[1]', found: '7', allowed: 'an object' },
      { path: 'proxys', found: 'a field that is not known', allowed: '"proxies" (did you mean that?)' },
      { path: 'store.use', found: '"fabrik", which the application does not list', allowed: '"memory", "mirror"' },
      { path: 'threshold', found: '0.5', allowed: 'whole number from 1 on' },
    ]);
  });

  it.each([undefined, null, 7, 'text', [], () => 1])('is refused whole where it is no object: %s', async (wrong) => {
    expect(await issuesOf(wrong)).toEqual([{ path: '', found: expect.any(String), allowed: 'an object' }]);
  });

  it('names the nearest adapter, and the kinds that one lacks', async () => {
    const adapters = { fabric: async () => ({ adapter: {} }), local: async () => ({ adapter: {} }) };
    expect(await issuesOf({ ...config, ledger: { use: 'fabirc' } }, { adapters })).toEqual([
      {
        path: 'ledger.use',
        found: '"fabirc", which the application does not list',
        allowed: '"fabric" (did you mean that?)',
      },
    ]);
    expect(await issuesOf({ ...config, store: { use: 'local' } }, { adapters })).toMatchObject([
      { path: 'store.use', found: '"local", which has no store' },
    ]);
    expect(await issuesOf({ ...config, store: { use: 'toString' } })).toMatchObject([{ path: 'store.use' }]);
    expect(await issuesOf({ ...config, store: {} })).toMatchObject([{ path: 'store.use', found: 'nothing' }]);
  });

  it('tells an adapter that is not installed, with the failure of its import', async () => {
    const cause = new Error('Cannot find package');
    const adapters = { fabric: () => Promise.reject(cause), empty: async () => ({}) as { adapter: Adapter } };
    const error = await failure(openNetwork({ ...config, ledger: { use: 'fabric' } }, { adapters }));
    expect(error).toMatchObject({
      code: 'INVALID_CONFIG',
      cause,
      issues: [{ path: 'ledger.use', found: '"fabric", whose module cannot be loaded' }],
    });
    expect(await issuesOf({ ...config, ledger: { use: 'empty' } }, { adapters })).toMatchObject([
      { path: 'ledger.use', found: '"empty", whose module exports no `adapter`' },
    ]);
  });

  it.each([
    [1, 3, '2 to 3'],
    [4, 3, '2 to 3'],
    [2, 4, '3 to 4'],
  ])('is one with threshold %d of %d', async (threshold, number, allowed) => {
    const proxies = Array.from({ length: number }, (_, index) => ({ subject: `proxy ${index}`, state: memory }));
    expect(await issuesOf({ ...config, proxies, threshold })).toEqual([
      { path: 'threshold', found: String(threshold), allowed: `${allowed}, a majority of the proxies` },
    ]);
  });

  it('is one where two proxies share keys or state', async () => {
    const state = { use: 'memory' };
    expect(await issuesOf({ ...config, proxies: [1, 2].map(() => ({ subject: 'same', state })) })).toEqual([
      { path: 'proxies[1].subject', found: 'the subject of another proxy', allowed: 'a subject of its own' },
    ]);
    const disk: Adapter = {
      proxyState: offer('', { path: fields.path('') }, () => Promise.reject(new Error('opened'))),
    };
    const one = { use: 'disk', path: './state' };
    const proxies = ['a', 'b'].map((subject) => ({ subject, state: { ...one } }));
    expect(await issuesOf({ ...config, proxies }, { adapters: { disk: async () => ({ adapter: disk }) } })).toEqual([
      { path: 'proxies[1].state', found: 'the state of another proxy', allowed: 'a state of its own' },
    ]);
  });

  it('is one with an authority that no ledger has', async () => {
    const twice = { threshold: 1, keys: [official.address, official.address] };
    expect(await issuesOf({ ...config, ledger: { use: 'memory', authority: twice } })).toMatchObject([
      { path: 'ledger.authority', found: 'an object', allowed: expect.stringContaining('ascending') },
    ]);
  });
});
