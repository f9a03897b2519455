import { memorySigner } from '@medseal/protocol';
import { describe, expect, it } from 'vitest';
import { failure } from '../../test/hospital.ts';
import { ConfigError } from '../errors/config-error.ts';
import { LedgerUnavailableError } from '../errors/ledger-errors.ts';
import { UnavailableSecretError } from '../errors/unavailable-secret-error.ts';
import { memoryDirectory } from '../memory/memory-directory.ts';
import { memoryLedger } from '../memory/memory-ledger.ts';
import { memoryStore } from '../memory/memory-store.ts';
import { generateKeys } from '../keys/participant-keys.ts';
import { memoryViewStore } from '../memory/memory-view-store.ts';
import { register } from '../phases/setup/register.ts';
import { type Adapter, offer } from './config/adapter.ts';
import * as fields from './config/fields.ts';
import type { NetworkConfig } from './config/network-config.ts';
import { openNetwork } from './open-network.ts';

const official = memorySigner(new Uint8Array(32).fill(9));
const authority = { threshold: 1, keys: [official.address] };
const memory = { use: 'memory' };

const config: NetworkConfig = {
  ledger: { use: 'memory', authority },
  store: memory,
  directory: memory,
  keys: memory,
  proxies: [1, 2, 3].map((number) => ({ subject: `proxy ${number}`, state: memory })),
};

async function issuesOf(wrong: unknown, options?: Parameters<typeof openNetwork>[1]) {
  const error = await failure(openNetwork(wrong as NetworkConfig, options));
  if (!(error instanceof ConfigError)) throw error;
  return error.issues;
}

/** An adapter that says what happens to its parts. */
function talkative(said: string[], options: { readonly failing?: string; readonly stuck?: string } = {}): Adapter {
  const part = <Part extends AsyncDisposable>(kind: string, make: () => Part) =>
    offer(kind, {}, async (): Promise<Part> => {
      if (options.failing === kind) throw new LedgerUnavailableError(`no ${kind}`);
      said.push(`open ${kind}`);
      const close = async (): Promise<void> => {
        said.push(`close ${kind}`);
        if (options.stuck === kind) throw new Error(`${kind} is stuck`);
      };
      return new Proxy(make(), {
        get: (target, name) => {
          if (name === Symbol.asyncDispose) return close;
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
    });
  return {
    ledger: part('ledger', () => memoryLedger({ authority })),
    store: part('store', memoryStore),
    directory: part('directory', memoryDirectory),
  };
}

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
      const keys = await network.keys?.unlock(subject);
      if (keys === undefined) throw new Error('the proxy has no keys');
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
      { path: 'store.use', found: '"fabrik", which the application does not list', allowed: '"memory"' },
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
