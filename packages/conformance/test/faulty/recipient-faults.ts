import { DecryptionError } from '@medseal/core';
import type { Identity, Recipient, Stanza } from '@medseal/core/format';
import { concat } from '@medseal/protocol';
import type { RecipientDriver, RecipientUnderTest } from '../../src/index.ts';
import { fileDrivers } from '../recipient-drivers.ts';
import type { Faults } from './faults.ts';

type Tested = RecipientUnderTest<Uint8Array>;
type Driver = RecipientDriver<Uint8Array>;

function faulty(change: (under: Tested) => Partial<Tested>): () => Driver {
  const [honest] = fileDrivers;
  if (honest === undefined) throw new TypeError('there is no driver');
  return () => ({
    ...honest,
    create: async () => {
      const under = await honest.create();
      return { ...under, ...change(under) };
    },
  });
}

type Wrap = (honest: Recipient<Uint8Array>, ...call: Parameters<Recipient<Uint8Array>['wrap']>) => Promise<Stanza>;
type Unwrap = (
  honest: Identity<Uint8Array>,
  ...call: Parameters<Identity<Uint8Array>['unwrap']>
) => Promise<Uint8Array>;

function coding(wrap: Wrap, unwrap: Unwrap): () => Driver {
  const opening = (honest: Identity<Uint8Array>): Identity<Uint8Array> => ({
    type: honest.type,
    unwrap: (stanza, context) => unwrap(honest, stanza, context),
  });
  return faulty(({ recipient, identity, stranger }) => ({
    recipient: { type: recipient.type, wrap: (dataKey, context) => wrap(recipient, dataKey, context) },
    identity: opening(identity),
    stranger: opening(stranger),
  }));
}

const plainWrap: Wrap = (honest, ...call) => honest.wrap(...call);
const plainUnwrap: Unwrap = (honest, ...call) => honest.unwrap(...call);
const nothing = new Uint8Array();

export const recipientFaults: Faults<Driver> = {
  'ignores the context': coding(
    (honest, dataKey) => honest.wrap(dataKey, nothing),
    (honest, stanza) => honest.unwrap(stanza, nothing),
  ),
  'opens stanzas of any type': coding(plainWrap, (honest, { bytes }, context) =>
    honest.unwrap({ type: honest.type, bytes }, context),
  ),
  'ignores bytes behind the end': coding(plainWrap, (honest, { type, bytes }, context) =>
    honest.unwrap({ type, bytes: bytes.slice(0, 80) }, context),
  ),
  'says what is wrong': coding(plainWrap, async (honest, stanza, context) => {
    if (stanza.bytes.length !== 80) throw new RangeError('a stanza has 80 bytes');
    return honest.unwrap(stanza, context);
  }),
  'says as the cause what is wrong': coding(plainWrap, (honest, stanza, context) =>
    honest.unwrap(stanza, context).catch((cause: unknown) => {
      throw Object.assign(new DecryptionError(), { cause });
    }),
  ),
  'gives another key': coding(plainWrap, async (honest, ...call) => (await honest.unwrap(...call)).fill(0, 31)),
  'says another type': coding(
    async (honest, ...call) => ({ ...(await honest.wrap(...call)), type: 9 }),
    (honest, { bytes }, context) => honest.unwrap({ type: honest.type, bytes }, context),
  ),
  'makes the same stanza again': (() => {
    const made = new WeakMap<object, Promise<Stanza>>();
    return coding((honest, ...call) => {
      const stanza = made.get(honest) ?? honest.wrap(...call);
      made.set(honest, stanza);
      return stanza;
    }, plainUnwrap);
  })(),
  'shows the data key': coding(
    async (honest, dataKey, context) => {
      const { type, bytes } = await honest.wrap(dataKey, context);
      return { type, bytes: concat(bytes, dataKey) };
    },
    (honest, { type, bytes }, context) => honest.unwrap({ type, bytes: bytes.slice(0, 80) }, context),
  ),
  'wipes the data key of its caller': coding(async (honest, dataKey, context) => {
    const stanza = await honest.wrap(dataKey, context);
    dataKey.fill(0);
    return stanza;
  }, plainUnwrap),
  'wraps anything': coding(
    (honest, dataKey, context) => honest.wrap(dataKey.length === 32 ? dataKey : new Uint8Array(32), context),
    plainUnwrap,
  ),
};
