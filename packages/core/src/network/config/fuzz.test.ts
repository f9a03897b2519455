import fc from 'fast-check';
import { expect, it } from 'vitest';
import { config, memory } from '../../../test/configured.ts';
import { ConfigError } from '../../errors/config-error.ts';
import { memoryStore } from '../../memory/memory-store.ts';
import { checkConfig } from '../check-config.ts';
import { type Adapter, offer } from './adapter.ts';
import * as fields from './fields.ts';
import type { NetworkConfig } from './network-config.ts';

const everything: Adapter = {
  store: offer(
    '',
    {
      text: fields.text(''),
      path: fields.optional(fields.path('')),
      count: fields.withDefault(fields.count('', 1, 9), 3),
      flag: fields.withDefault(fields.flag(''), false),
      key: fields.secret(''),
      list: fields.list('', fields.section('', { key: fields.secret(''), inner: fields.part('', 'store') })),
      named: fields.optional(fields.named('', fields.part('', 'store'))),
    },
    async () => memoryStore(),
  ),
};
const adapters = { everything: async () => ({ adapter: everything }) };
const SECRET = 'xyzzy-plugh-0451';

/** What is wrong, or `undefined`. Anything but a ConfigError is a failure. */
async function wrong(value: unknown): Promise<ConfigError | undefined> {
  try {
    await checkConfig(value as NetworkConfig, { adapters });
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

it('finds any JSON wrong or right, and fails in no other way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (whole, part) => {
      await wrong(whole);
      for (const name of Object.keys(config)) await wrong({ ...config, [name]: part });
      await wrong({ ...config, store: { use: 'everything', ...(part as object) } });
    }),
    { numRuns: 150 },
  );
});

it('never repeats text that stands in the place of a secret, wherever that is', async () => {
  const literal = fc.oneof(
    fc.constant(SECRET),
    fc.record({ env: fc.constant(SECRET) }),
    fc.record({ file: fc.constant(7), value: fc.constant(SECRET) }),
    fc.array(fc.constant(SECRET), { minLength: 1, maxLength: 2 }),
    fc.record({ env: fc.constant('A'), file: fc.constant(SECRET) }),
  );
  const right = { env: 'NAME' };
  await fc.assert(
    fc.asyncProperty(literal, fc.constantFrom('key', 'list', 'named'), async (bad, place) => {
      const inner = { use: 'everything', text: 'x', key: bad, list: [] };
      const store = {
        use: 'everything',
        text: 'x',
        key: place === 'key' ? bad : right,
        list: place === 'list' ? [{ key: bad, inner: memory }] : [],
        ...(place === 'named' && { named: { one: inner } }),
      };
      const error = await wrong({ ...config, store });
      expect(error?.issues.length).toBeGreaterThan(0);
      expect(`${String(error)}${JSON.stringify(error)}${String(error?.cause)}`).not.toContain(SECRET);
    }),
    { numRuns: 100 },
  );
});

it('takes what it gives: the configuration in effect is right, and in effect itself', async () => {
  const store = { use: 'everything', text: 'x', key: { env: 'NAME' }, list: [{ key: { file: 'f' }, inner: memory }] };
  const effective = await checkConfig({ ...config, store }, { adapters });
  expect(effective.store).toEqual({ ...store, count: 3, flag: false });
  expect(await checkConfig(effective, { adapters })).toEqual(effective);
});
