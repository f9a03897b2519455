import { createHash } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';
import { type LedgerEntry, WrongLedgerError } from '@medseal/core/adapter';
import { decodeEntry, type Hex, toHex } from '@medseal/protocol';
import { readBytes, readField } from './chaincode/protobuf.ts';
import { toCursor } from './cursor.ts';
import { derInteger, derOctets, derSequence } from './der.ts';

/** Which events are entries: those of this name from this chaincode. */
export interface EntrySource {
  readonly chaincode: string;
  readonly event: string;
}

export function blockNumber(block: common.Block): number {
  return block.getHeader()?.getNumber() ?? 0;
}

/**
 * Entries of a block in order: events of transactions that passed validation.
 *
 * @throws WrongLedgerError when such an event is no entry of this protocol version.
 */
export function readEntries(block: common.Block, source: EntrySource): readonly LedgerEntry[] {
  const codes = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER];
  const number = blockNumber(block);
  const entries: LedgerEntry[] = [];
  for (const [index, bytes] of (block.getData()?.getDataList_asU8() ?? []).entries()) {
    if (codes?.[index] !== peer.TxValidationCode.VALID) continue;
    const event = readEvent(bytes);
    if (event?.getChaincodeId() !== source.chaincode || event.getEventName() !== source.event) continue;
    entries.push({ cursor: toCursor({ block: number, index }), ...decode(event.getPayload_asU8()) });
  }
  return entries;
}

// fabric-protos. Envelope.payload, Payload.header, Header.channel_header, of which `type` is field 1.
const CHANNEL_HEADER = [1, 1, 1] as const;
const HEADER_TYPE = 1;
// Envelope.payload, Payload.data, Transaction.actions, TransactionAction.payload, ChaincodeActionPayload.action,
// ChaincodeEndorsedAction.proposal_response_payload, ProposalResponsePayload.extension, ChaincodeAction.events.
const EVENT = [1, 2, 1, 2, 2, 1, 2, 2] as const;

/**
 * The chaincode event in a transaction envelope; a transaction has one action, and an action at most one event. The
 * layers around it, with their certificates and endorsements, are passed over undecoded.
 */
function readEvent(envelope: Uint8Array): peer.ChaincodeEvent | undefined {
  const header = readBytes(envelope, ...CHANNEL_HEADER) ?? empty;
  if (readField(header, HEADER_TYPE) !== common.HeaderType.ENDORSER_TRANSACTION) return undefined;
  const event = readBytes(envelope, ...EVENT) ?? empty;
  return event.length === 0 ? undefined : peer.ChaincodeEvent.deserializeBinary(event);
}

const empty = new Uint8Array();

function decode(payload: Uint8Array): ReturnType<typeof decodeEntry> {
  try {
    return decodeEntry(payload);
  } catch (cause) {
    throw new WrongLedgerError('An event of the chaincode is no entry of this protocol version', { cause });
  }
}

/** Hash of a block as the next one carries it: SHA-256 of the DER sequence { number, previous hash, data hash }. */
export function blockHash(block: common.Block): Hex {
  const header = block.getHeader();
  const previous = header?.getPreviousHash_asU8() ?? empty;
  const data = header?.getDataHash_asU8() ?? empty;
  const der = derSequence(derInteger(BigInt(blockNumber(block))), derOctets(previous), derOctets(data));
  return toHex(createHash('sha256').update(der).digest());
}
