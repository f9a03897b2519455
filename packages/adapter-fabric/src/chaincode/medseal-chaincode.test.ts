import {
  decodeEntry,
  decision,
  fabricDomain,
  type Genesis,
  type Hex,
  participant,
  person,
  toHex,
} from '@medseal/protocol';
import type { ChaincodeResponse, ChaincodeStub } from 'fabric-shim';
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryState } from '../../test/memory-stub.ts';
import { authority, doctor, patient, Registrar, word } from '../../test/people.ts';
import { checkedTime } from './checked-time.ts';
import { medsealChaincode } from './medseal-chaincode.ts';
import { parseRefusal, refusalMessage } from './messages.ts';
import { parseGenesis } from './stored-genesis.ts';

const NOW = 1_800_000_000;
const blockHash: Hex = word(9);

let state: MemoryState;
let clock: number;
const chaincode = medsealChaincode({ timeOf: checkedTime(() => clock * 1000) });

/** Invokes as a transaction: what it writes is kept when the answer is good. */
async function invoke(args: readonly string[], options: { time?: number; called?: string } = {}) {
  const call = state.stub(args, { time: clock, ...options });
  const answer = await chaincode.Invoke(call.stub as ChaincodeStub);
  if (answer.status === 200) call.commit();
  return answer;
}

function text({ payload }: ChaincodeResponse): string {
  return new TextDecoder().decode(payload);
}

async function initialise(): Promise<Genesis> {
  return parseGenesis(text(await invoke(['initialise', JSON.stringify(authority), blockHash])));
}

beforeEach(() => {
  state = new MemoryState();
  clock = NOW;
});

describe('initialise', () => {
  test('stores a domain over channel, name, genesis block and authority', async () => {
    const genesis = await initialise();
    const parts = { channel: 'channel', chaincode: 'medseal', genesisBlockHash: blockHash, authority };
    expect(genesis).toMatchObject({
      ...parts,
      domain: fabricDomain(parts),
      protocolVersion: 1,
      transaction: 'transaction',
    });
    expect(parseGenesis(text(await invoke(['genesis'])))).toEqual(genesis);
  });

  test('happens once', async () => {
    await initialise();
    expect(await invoke(['initialise', JSON.stringify(authority), word(8)])).toMatchObject({
      status: 500,
      message: 'MEDSEAL_FAULT:ALREADY_INITIALISED',
    });
  });

  test.each([
    ['no authority', ['initialise']],
    ['text that is no JSON', ['initialise', '{', blockHash]],
    ['null', ['initialise', 'null', blockHash]],
    ['a threshold above the keys', ['initialise', JSON.stringify({ ...authority, threshold: 2 }), blockHash]],
    ['a key that is no address', ['initialise', JSON.stringify({ threshold: 1, keys: ['0x12'] }), blockHash]],
    ['no genesis block hash', ['initialise', JSON.stringify(authority)]],
    ['a short genesis block hash', ['initialise', JSON.stringify(authority), '0x12']],
  ])('refuses %s', async (_, args) => {
    expect(await invoke(args)).toMatchObject({ status: 500, message: 'MEDSEAL_FAULT:BAD_CALL' });
    expect(state.words.size).toBe(0);
  });
});

describe('submit', () => {
  let sign: Registrar;
  const send = (wire: Uint8Array, options?: { time?: number; called?: string }) =>
    invoke(['submit', toHex(wire)], options);

  beforeEach(async () => {
    const { domain } = await initialise();
    sign = new Registrar(domain, () => clock);
    await send(await sign.register(patient, ['patient']));
    await send(await sign.register(doctor, ['provider']));
    state.events.length = 0;
    state.reads.length = 0;
  });

  test('writes the words of the state and emits the entry', async () => {
    const wire = await sign.grant(word(10), NOW + 100);
    expect(text(await send(wire))).toBe('applied');
    const { path, entity } = decision.key(patient.address, word(10));
    const stored = state.words.get(path);
    expect(stored).toHaveLength(32);
    expect(entity.decode(stored ?? new Uint8Array())).toMatchObject({ status: 'granted', grantee: doctor.address });
    expect(state.events.map(({ name }) => name)).toEqual(['entry']);
    expect(state.events.map(({ payload }) => decodeEntry(payload))).toEqual([
      { time: NOW, wire, violation: undefined },
    ]);
  });

  test('reads each named key once, and nothing else', async () => {
    await send(await sign.grant(word(10), NOW + 100));
    expect(state.reads).toEqual([
      'genesis',
      participant.key(patient.address).path,
      participant.key(doctor.address).path,
      decision.key(patient.address, word(10)).path,
    ]);
  });

  test('logs a violation and writes nothing', async () => {
    const before = new Map(state.words);
    const wire = await sign.use(word(10));
    expect(text(await send(wire))).toBe('NO_GRANT');
    expect(state.words).toEqual(before);
    expect(state.events.map(({ payload }) => decodeEntry(payload).violation)).toEqual(['NO_GRANT']);
  });

  test('refuses with the code of the rule and leaves no trace', async () => {
    const call = state.stub(['submit', toHex(await sign.grant(word(10), NOW))], { time: NOW });
    expect(await chaincode.Invoke(call.stub as ChaincodeStub)).toEqual({
      status: 500,
      message: 'MEDSEAL_REJECTED:UNTIL_PASSED',
    });
    expect(call.writes.size).toBe(0);
    call.commit();
    expect(state.events).toEqual([]);
  });

  test.each([
    ['BAD_SIGNATURE', (wire: Uint8Array) => wire.with(wire.length - 1, 29)],
    ['MALFORMED', (wire: Uint8Array) => wire.slice(0, -1)],
    ['MALFORMED', () => new Uint8Array()],
  ])('refuses altered bytes: %s', async (code, alter) => {
    const answer = await send(alter(await sign.use(word(10))));
    expect(answer).toMatchObject({ status: 500, message: `MEDSEAL_REJECTED:${code}` });
  });

  test.each(['12', '0x1', '0xGG', ''])('refuses an argument that is not hex: %j', async (argument) => {
    expect(await invoke(['submit', argument])).toMatchObject({ message: 'MEDSEAL_FAULT:BAD_CALL' });
  });

  test.each([
    [-31, 'MEDSEAL_FAULT:CLOCK_OFF'],
    [-30, undefined],
    [30, undefined],
    [31, 'MEDSEAL_FAULT:CLOCK_OFF'],
  ])('takes a timestamp %i seconds off the clock: %s', async (off, message) => {
    const answer = await send(await sign.use(word(10)), { time: NOW + off });
    expect(answer.message).toBe(message);
    expect(state.events.map(({ payload }) => decodeEntry(payload).time)).toEqual(
      message === undefined ? [NOW + off] : [],
    );
  });

  test('refuses a call through another chaincode, whose event would take the place of the entry', async () => {
    const answer = await send(await sign.use(word(10)), { called: 'other' });
    expect(answer).toMatchObject({ status: 500, message: 'MEDSEAL_FAULT:INDIRECT_CALL' });
  });

  test('refuses a command for another chaincode name', async () => {
    const parts = { channel: 'channel', chaincode: 'other', genesisBlockHash: blockHash, authority };
    const foreign = new Registrar(fabricDomain(parts), () => clock);
    expect(await send(await foreign.use(word(10)))).toMatchObject({ message: 'MEDSEAL_REJECTED:BAD_SIGNATURE' });
  });
});

test('submit before initialise is refused', async () => {
  const sign = new Registrar(word(1), () => clock);
  const answer = await invoke(['submit', toHex(await sign.use(word(10)))]);
  expect(answer).toMatchObject({ status: 500, message: 'MEDSEAL_FAULT:NOT_INITIALISED' });
});

test('queries give state words, time and version', async () => {
  const { domain } = await initialise();
  const sign = new Registrar(domain, () => clock);
  await invoke(['submit', toHex(await sign.register(patient, ['patient']))]);
  const { path, entity } = participant.key(patient.address);
  const answer = await invoke(['state', path]);
  expect(entity.decode(answer.payload ?? new Uint8Array())).toMatchObject({ status: 'active', roles: ['patient'] });
  expect((await invoke(['state', person.key(word(77)).path])).payload).toHaveLength(0);
  expect(text(await invoke(['time']))).toBe(String(NOW));
  expect(text(await invoke(['protocolVersion']))).toBe('1');
});

test('an unknown function is refused', async () => {
  expect(await invoke(['remove'])).toMatchObject({ status: 500, message: 'MEDSEAL_FAULT:BAD_CALL' });
});

test('says nothing of what failed inside', async () => {
  const call = state.stub(['genesis']);
  const stub = { ...call.stub, getState: () => Promise.reject(new Error('key participant/0x12 failed')) };
  expect(await chaincode.Invoke(stub as unknown as ChaincodeStub)).toEqual({
    status: 500,
    message: 'MEDSEAL_FAULT:INTERNAL',
  });
});

test('scopes keep ledgers apart in one chaincode', async () => {
  const scoped = (name: string) => medsealChaincode({ timeOf: () => NOW, scopeOf: () => name });
  const call = state.stub(['initialise', JSON.stringify(authority), blockHash]);
  const first = parseGenesis(text(await scoped('a/').Invoke(call.stub as ChaincodeStub)));
  call.commit();
  expect([...state.words.keys()]).toEqual(['a/genesis']);
  const again = state.stub(['initialise', JSON.stringify(authority), blockHash]);
  const second = parseGenesis(text(await scoped('b/').Invoke(again.stub as ChaincodeStub)));
  expect(second.domain).not.toBe(first.domain);
});

describe('refusal messages', () => {
  test.each([
    [{ rejected: 'NOT_OWNER' }, 'MEDSEAL_REJECTED:NOT_OWNER'],
    [{ fault: 'CLOCK_OFF' }, 'MEDSEAL_FAULT:CLOCK_OFF'],
  ] as const)('%j can be read back behind words of the peer', (refusal, message) => {
    expect(refusalMessage(refusal)).toBe(message);
    expect(parseRefusal(message)).toEqual(refusal);
    expect(parseRefusal(`chaincode response 500, ${message}`)).toEqual(refusal);
  });

  test.each([
    'MEDSEAL_REJECTED:NO_TICKET',
    'MEDSEAL_REJECTED:NOT_OWNER;',
    'xMEDSEAL_FAULT:INTERNAL',
    'MEDSEAL_FAULT:OTHER',
  ])('are not found in %s', (message) => {
    expect(parseRefusal(message)).toBeUndefined();
  });
});
