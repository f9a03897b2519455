import { common, peer } from '@hyperledger/fabric-protos';
import { encodeEntry } from '@medseal/protocol';
import { expect, test } from 'vitest';
import { blockHash, readEntries } from './read-block.ts';

const source = { chaincode: 'medseal', event: 'entry' };
const wire = Uint8Array.of(1, 2, 3);

interface Part {
  readonly chaincode?: string;
  readonly event?: string;
  readonly payload?: Uint8Array;
  readonly type?: 0 | 1 | 3;
  readonly code?: number;
}

/** A transaction envelope as Fabric nests it. */
function envelope(part: Part): Uint8Array {
  const event = new peer.ChaincodeEvent();
  event.setChaincodeId(part.chaincode ?? 'medseal');
  event.setEventName(part.event ?? 'entry');
  event.setPayload(part.payload ?? encodeEntry({ time: 5, wire }));
  const action = new peer.ChaincodeAction();
  action.setEvents(event.serializeBinary());
  const response = new peer.ProposalResponsePayload();
  response.setExtension$(action.serializeBinary());
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(response.serializeBinary());
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setAction(endorsed);
  const transactionAction = new peer.TransactionAction();
  transactionAction.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.addActions(transactionAction);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(part.type ?? common.HeaderType.ENDORSER_TRANSACTION);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(transaction.serializeBinary());
  const result = new common.Envelope();
  result.setPayload(payload.serializeBinary());
  return result.serializeBinary();
}

function block(...parts: readonly Part[]): common.Block {
  const header = new common.BlockHeader();
  header.setNumber(300);
  header.setPreviousHash(new Uint8Array(32).fill(0xaa));
  header.setDataHash(new Uint8Array(32).fill(0xbb));
  const data = new common.BlockData();
  data.setDataList(parts.map(envelope));
  const metadata = new common.BlockMetadata();
  const codes = Uint8Array.from(parts, ({ code }) => code ?? peer.TxValidationCode.VALID);
  metadata.setMetadataList([new Uint8Array(), new Uint8Array(), codes]);
  const result = new common.Block();
  result.setHeader(header);
  result.setData(data);
  result.setMetadata(metadata);
  return result;
}

test('gives entries with their place in the block', () => {
  expect(readEntries(block({}, {}), source)).toEqual([
    { cursor: '000000000300-000000', time: 5, wire, violation: undefined },
    { cursor: '000000000300-000001', time: 5, wire, violation: undefined },
  ]);
});

test.each<[string, Part]>([
  ['invalid transactions', { code: peer.TxValidationCode.MVCC_READ_CONFLICT }],
  ['other chaincodes', { chaincode: 'other' }],
  ['other events', { event: 'other' }],
  ['configuration', { type: common.HeaderType.CONFIG }],
])('passes over %s', (_, part) => {
  const entries = readEntries(block(part, {}), source);
  expect(entries.map(({ cursor }) => cursor)).toEqual(['000000000300-000001']);
});

test('takes no transaction for valid whose code is missing', () => {
  const unchecked = block({});
  unchecked.setMetadata();
  expect(readEntries(unchecked, source)).toEqual([]);
});

test('refuses an event that is no entry', () => {
  expect(() => readEntries(block({ payload: Uint8Array.of(1) }), source)).toThrow(
    expect.objectContaining({ code: 'WRONG_LEDGER' }),
  );
});

test('hashes the header as Fabric does', () => {
  // printf '30480202012c0420aa…aa0420bb…bb' | xxd -r -p | sha256sum
  expect(blockHash(block())).toBe('0x884ad0edcb68fe5f091de863e892068e1571721b4583d254c9aaff23c75b9f88');
});
