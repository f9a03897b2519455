import type { Stanza } from '@medseal/core/format';
import type { RecipientDriver, RecipientUnderTest } from '../drivers/recipient-driver.ts';
import { concat } from '@medseal/protocol';
import { bytesOf } from '../suite/bytes-of.ts';
import { expectEqual, expectRejection, expectTrue } from '../suite/expect.ts';
import { show } from '../suite/show.ts';
import type { Suite, SuiteCase } from '../suite/suite.ts';

/** Anew each time: a faulty recipient might change it. */
const someKey = (): Uint8Array => bytesOf(32, 1);
const closed = { name: 'DecryptionError', code: 'DECRYPTION_FAILED', retryable: false };

function altered({ type, bytes }: Stanza, at: number): Stanza {
  return { type, bytes: bytes.with(at, (bytes[at] ?? 0) ^ 1) };
}

/** First, middle and last byte of each part. */
function places(parts: Readonly<Record<string, number>>): readonly (readonly [part: string, at: number])[] {
  let start = 0;
  return Object.entries(parts).flatMap(([part, length]) => {
    const from = start;
    start += length;
    return [...new Set([0, length >> 1, length - 1])].map((offset) => [part, from + offset] as const);
  });
}

/** Every way in which a stanza may not open, by name. */
async function wrongWays<Context>({
  recipient,
  identity,
  stranger,
  context,
  otherContexts,
  parts,
}: RecipientUnderTest<Context>): Promise<ReadonlyMap<string, () => Promise<unknown>>> {
  const stanza = await recipient.wrap(someKey(), context);
  const { type, bytes } = stanza;
  const open = (wrong: Stanza) => () => identity.unwrap(wrong, context);
  return new Map([
    ['another receiver', () => stranger.unwrap(stanza, context)],
    ...Object.entries(otherContexts).map(
      ([part, other]) => [`another ${part}`, () => identity.unwrap(stanza, other)] as const,
    ),
    ...places(parts).map(([part, at]) => [`byte ${at}, in the ${part}, altered`, open(altered(stanza, at))] as const),
    ['another type', open({ type: type + 1, bytes })],
    ['no bytes', open({ type, bytes: new Uint8Array() })],
    ['the last byte missing', open({ type, bytes: bytes.slice(0, -1) })],
    ['a byte more', open({ type, bytes: concat(bytes, Uint8Array.of(0)) })],
    ['zeros', open({ type, bytes: new Uint8Array(bytes.length) })],
  ]);
}

function cases<Context>(): readonly SuiteCase<RecipientUnderTest<Context>>[] {
  return [
    {
      name: 'opens what was wrapped',
      run: async ({ recipient, identity, context }) => {
        const stanza = await recipient.wrap(someKey(), context);
        expectEqual([stanza.type, identity.type], [recipient.type, recipient.type], 'types of stanza and identity');
        expectEqual(await identity.unwrap(stanza, context), someKey(), 'the data key');
      },
    },
    {
      name: 'makes another stanza each time, with parts of fixed lengths and no data key in the clear',
      run: async ({ recipient, context, parts }) => {
        const stanzas = [await recipient.wrap(someKey(), context), await recipient.wrap(someKey(), context)];
        expectEqual(new Set(stanzas.map(({ bytes }) => String(bytes))).size, 2, 'number of different stanzas');
        const length = Object.values(parts).reduce((sum, part) => sum + part, 0);
        for (const { bytes } of stanzas) {
          expectEqual(bytes.length, length, 'length of the stanza');
          expectTrue(!String(bytes).includes(String(someKey())), 'the data key does not lie in the clear');
        }
      },
    },
    {
      name: 'opens in no wrong way, with one failure for all of them',
      run: async (tested) => {
        const failures = new Set<string>();
        for (const [name, open] of await wrongWays(tested)) {
          const error = await expectRejection(open(), closed, `a stanza with ${name}`);
          expectEqual(error instanceof Error ? error.cause : undefined, undefined, `cause of the failure with ${name}`);
          failures.add(show(error));
        }
        expectEqual(failures.size, 1, 'number of different failures');
      },
    },
    {
      name: 'leaves its arguments as they were',
      run: async ({ recipient, identity, context }) => {
        const own = someKey();
        const stanza = await recipient.wrap(own, context);
        expectEqual(own, someKey(), 'the data key after wrapping');
        const bytes = stanza.bytes.slice();
        await identity.unwrap(stanza, context);
        expectEqual(stanza.bytes, bytes, 'the stanza after opening');
        expectEqual(await identity.unwrap(stanza, context), someKey(), 'the data key, opened once more');
      },
    },
    {
      name: 'wraps data keys of 32 bytes only',
      run: async ({ recipient, context }) => {
        for (const length of [0, 16, 31, 33])
          await expectRejection(
            recipient.wrap(bytesOf(length, 1), context),
            { name: 'RangeError' },
            `a data key of ${length} bytes`,
          );
      },
    },
  ];
}

/** What every type of stanza must do. */
export function recipientSuite<Context>(): Suite<RecipientDriver<Context>, RecipientUnderTest<Context>> {
  return { port: 'recipient', open: (driver) => driver.create(), cases: cases() };
}
