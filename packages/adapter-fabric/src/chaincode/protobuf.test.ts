import { common } from '@hyperledger/fabric-protos';
import { expect, test } from 'vitest';
import { readBytes, readField } from './protobuf.ts';

function message(): Uint8Array {
  const header = new common.ChannelHeader();
  header.setType(3);
  header.setEpoch(2 ** 40);
  header.setChannelId('x'.repeat(300));
  header.setTlsCertHash(Uint8Array.of(1, 2));
  const outer = new common.Header();
  outer.setChannelHeader(header.serializeBinary());
  return outer.serializeBinary();
}

test('reads fields as the generated code writes them', () => {
  const header = readBytes(message(), 1) ?? new Uint8Array();
  expect(readField(header, 1)).toBe(3);
  expect(readField(header, 6)).toBe(2 ** 40);
  expect(new TextDecoder().decode(readBytes(message(), 1, 4))).toBe('x'.repeat(300));
  expect(readBytes(message(), 1, 8)).toEqual(Uint8Array.of(1, 2));
});

test('gives nothing for what is not there', () => {
  expect(readBytes(message(), 2)).toBeUndefined();
  expect(readBytes(message(), 1, 1)).toBeUndefined();
  expect(readBytes(message(), 2, 1)).toBeUndefined();
});

test('refuses other types of fields', () => {
  expect(() => readField(Uint8Array.of((1 << 3) | 5, 0, 0, 0, 0), 1)).toThrow(RangeError);
});
