import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import { expect, test } from 'vitest';
import { commandSender, type SendingChannel } from './send-command.ts';

const VALID = 0;
const MVCC_READ_CONFLICT = 11;
const command = { id: '0x01', wire: Uint8Array.of(1), validUntil: 1000 } as const;
const options = { commitMs: 0, clock: () => 500 };

function aborted(...messages: readonly string[]): GatewayError {
  const code = status.ABORTED;
  const cause: ServiceError = Object.assign(new Error('cause'), { code, details: '', metadata: new Metadata() });
  const details = messages.map((message) => ({ address: 'peer:7051', mspId: 'Org1MSP', message }));
  return new GatewayError({ code, details, cause, message: 'failed' });
}

const disagreement = aborted('ProposalResponsePayloads do not match');
const rejected = aborted('chaincode response 500, MEDSEAL_REJECTED:NO_GRANT');
const clockOff = aborted('chaincode response 500, MEDSEAL_FAULT:CLOCK_OFF');
const outage = new LedgerUnavailableError('down');

type Script<T> = readonly (T | Error)[];

/** A channel whose calls answer as scripted; the last answer is repeated. Tells what was ordered. */
function channel(script: {
  endorse?: Script<string>;
  simulate?: Script<string>;
  current?: Script<boolean>;
  order?: Script<undefined>;
  status?: Script<number>;
}) {
  const ordered: string[] = [];
  const play = <T>(answers: Script<T>): (() => Promise<T>) => {
    let turn = 0;
    return async () => {
      const answer = answers[Math.min(turn++, answers.length - 1)];
      if (answer instanceof Error) throw answer;
      return answer as T;
    };
  };
  const endorse = play(script.endorse ?? ['tx']);
  const simulate = play(script.simulate ?? ['applied']);
  const order = play(script.order ?? [undefined]);
  const commit = play(script.status ?? [VALID]);
  const fake: SendingChannel = {
    endorse: async () => {
      const id = await endorse();
      return { id, bytes: new TextEncoder().encode(id) };
    },
    evaluate: async () => new TextEncoder().encode(await simulate()),
    isCurrent: play(script.current ?? [true]),
    order: async ({ id }) => {
      ordered.push(id);
      await order();
    },
    commitStatus: async () => ({ code: await commit(), block: 7 }),
  };
  return { fake, ordered };
}

test('gives the block of the command', async () => {
  const { fake, ordered } = channel({});
  expect(await commandSender(fake, options).send(command)).toBe(7);
  expect(ordered).toEqual(['tx']);
});

test('endorses again after a conflict', async () => {
  const { fake, ordered } = channel({
    endorse: ['tx1', 'tx2', 'tx3'],
    status: [MVCC_READ_CONFLICT, MVCC_READ_CONFLICT, VALID],
  });
  expect(await commandSender(fake, options).send(command)).toBe(7);
  expect(ordered).toEqual(['tx1', 'tx2', 'tx3']);
});

test('gives the code of the rule that a rival brought to bear', async () => {
  const { fake } = channel({ endorse: ['tx1', rejected], simulate: [rejected], status: [MVCC_READ_CONFLICT] });
  const sending = commandSender(fake, options).send(command);
  await expect(sending).rejects.toMatchObject({ name: 'RejectedError', code: 'NO_GRANT', id: '0x01', cause: rejected });
});

test('gives up after ten conflicts', async () => {
  const { fake, ordered } = channel({ status: [MVCC_READ_CONFLICT] });
  const sending = commandSender(fake, options).send(command);
  await expect(sending).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE', retryable: true });
  expect(ordered).toHaveLength(10);
});

test('tries again where endorsers disagree', async () => {
  const { fake, ordered } = channel({ endorse: [disagreement, 'tx'] });
  expect(await commandSender(fake, options).send(command)).toBe(7);
  expect(ordered).toEqual(['tx']);
});

test('does not believe a refusal that the gateway’s own peer does not share', async () => {
  const { fake } = channel({ endorse: [rejected, 'tx'], simulate: ['applied'] });
  expect(await commandSender(fake, options).send(command)).toBe(7);
});

test('does not believe a refusal by a peer that lags behind what this client has seen', async () => {
  const { fake } = channel({ endorse: [rejected, 'tx'], simulate: [rejected], current: [false] });
  expect(await commandSender(fake, options).send(command)).toBe(7);
});

test('names a clock that is off', async () => {
  const { fake } = channel({ endorse: [clockOff] });
  await expect(commandSender(fake, options).send(command)).rejects.toThrow('off by more than 30 seconds');
});

test('sends the same bytes until their fate is known', async () => {
  const { fake, ordered } = channel({ order: [outage, undefined], status: [outage, VALID] });
  expect(await commandSender(fake, { ...options, commitMs: 10_000 }).send(command)).toBe(7);
  expect(ordered).toEqual(['tx', 'tx', 'tx']);
});

test('begins with the bytes of an earlier call whose fate is not known', async () => {
  const { fake, ordered } = channel({ endorse: ['tx1', 'tx2'], status: [outage, VALID] });
  const sender = commandSender(fake, { ...options, commitMs: -1 });
  await expect(sender.send(command)).rejects.toBe(outage);
  expect(await sender.send(command)).toBe(7);
  expect(ordered).toEqual(['tx1', 'tx1']);
});

test('drops the bytes of a command that is dead by now', async () => {
  let time = 500;
  const { fake, ordered } = channel({ endorse: ['tx1', 'tx2'], status: [outage, VALID] });
  const sender = commandSender(fake, { commitMs: -1, clock: () => time });
  await expect(sender.send(command)).rejects.toBe(outage);
  time = command.validUntil;
  await sender.send(command);
  expect(ordered).toEqual(['tx1', 'tx2']);
});
