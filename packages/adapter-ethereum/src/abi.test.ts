import { AbiCoder, Interface } from 'ethers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Authority, fromHex, type Hex, ledgerCode, rejections, toHex } from '@medseal/protocol';
import { decodeGenesis, encodeAuthority, encodeSubmit } from './abi.ts';
import { artifact } from './generated/artifact.ts';
import { codeBySelector, ENTRY_TOPIC, functions, WRONG_CHAIN_SELECTOR } from './generated/layout.ts';
import { decodeLog, type RawLog } from './log.ts';

const abi = new Interface(artifact.abi);
const bytes = fc.uint8Array({ maxLength: 2_600 });
const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex);
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex);
const authority: fc.Arbitrary<Authority> = fc.record({
  threshold: fc.integer({ min: 1, max: 32 }),
  keys: fc.array(address, { maxLength: 32 }),
});

function log(id: Hex, time: number, code: number, wire: Uint8Array): RawLog {
  const { topics, data } = abi.encodeEventLog('Entry', [id, time, code, wire]);
  return {
    address: '0x',
    topics: topics as Hex[],
    data: data as Hex,
    blockNumber: '0x10',
    blockHash: `0x${'cd'.repeat(32)}`,
    logIndex: '0x2',
  };
}

test('submit is encoded as ethers does', () => {
  fc.assert(
    fc.property(bytes, (wire) => {
      expect(encodeSubmit(wire)).toBe(abi.encodeFunctionData('submit', [wire]));
    }),
  );
});

test('constructor arguments are encoded as ethers does', () => {
  fc.assert(
    fc.property(authority, ({ threshold, keys }) => {
      expect(`0x${encodeAuthority({ threshold, keys })}`).toBe(abi.encodeDeploy([threshold, keys]));
    }),
  );
});

test('genesis is decoded as ethers encodes it', () => {
  fc.assert(
    fc.property(authority, word, word, fc.nat(), ({ threshold, keys }, domain, parentHash, block) => {
      const data = abi.encodeFunctionResult('genesis', [1, domain, parentHash, block, threshold, keys]) as Hex;
      const expected = { protocolVersion: 1, domain, parentHash, block, authority: { threshold, keys } };
      expect(decodeGenesis(data)).toEqual(expected);
    }),
  );
});

test('genesis refuses what another contract returns', () => {
  expect(() => decodeGenesis('0x')).toThrow(RangeError);
  expect(() => decodeGenesis(AbiCoder.defaultAbiCoder().encode(['uint256'], [1]) as Hex)).toThrow(RangeError);
});

test('an entry is decoded as ethers encodes it', () => {
  fc.assert(
    fc.property(word, fc.nat(2 ** 40 - 1), fc.constantFrom(0, 20, 24), bytes, (id, time, code, wire) => {
      expect(decodeLog(log(id, time, code, wire))).toEqual({
        id,
        block: 16,
        logIndex: 2,
        cursor: `16/2/0x${'cd'.repeat(32)}`,
        time,
        wire,
        violation: ledgerCode(code),
      });
    }),
  );
});

test('refuses a log that is no entry', () => {
  const good = log(`0x${'00'.repeat(32)}`, 1, 0, Uint8Array.of(1, 2, 3));
  expect(() => decodeLog({ ...good, topics: [ENTRY_TOPIC] })).toThrow(RangeError);
  expect(() => decodeLog({ ...good, data: good.data.slice(0, 200) as Hex })).toThrow(RangeError);
  expect(() => decodeLog({ ...good, data: '0x' })).toThrow(RangeError);
  expect(() => decodeLog(log(`0x${'00'.repeat(32)}`, 1, 99, Uint8Array.of()))).toThrow(RangeError);
});

test('selectors and topic are those of the compiled contract', () => {
  expect(functions).toEqual({
    submit: abi.getFunction('submit')?.selector,
    genesis: abi.getFunction('genesis')?.selector,
  });
  expect(ENTRY_TOPIC).toBe(abi.getEvent('Entry')?.topicHash);
  expect(WRONG_CHAIN_SELECTOR).toBe(abi.getError('WrongChain')?.selector);
});

test('each ledger code has one custom error, save those that are only logged', () => {
  const codes = Object.entries(rejections).flatMap(([code, { by }]) => (by === 'ledger' ? [code] : []));
  expect([...codeBySelector.values()]).toEqual(codes);
  const declared = new Set<string>();
  abi.forEachError(({ selector }) => declared.add(selector));
  const unused = [...codeBySelector].filter(([selector]) => !declared.has(selector)).map(([, code]) => code);
  expect(unused).toEqual(['GRANT_REVOKED', 'KEYS_CHANGED', 'GRANT_EXPIRED', 'OWNER_BANNED']);
});

test('bytes survive the way through call data', () => {
  expect(fromHex(encodeSubmit(Uint8Array.of(7))).at(4 + 64)).toBe(7);
});
