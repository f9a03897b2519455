import type { LedgerEntry, Receipt } from '@medseal/core/adapter';
import { fromHex, type Hex, ledgerCode } from '@medseal/protocol';
import { formatCursor } from './cursor.ts';

/** A log of the contract, as JSON-RPC gives it. */
export interface RawLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly blockHash: Hex;
  readonly logIndex: Hex;
  readonly removed?: boolean;
}

/** An entry with the id that the contract indexed it under. */
export interface EntryLog extends LedgerEntry {
  readonly id: Hex;
  readonly block: number;
  readonly logIndex: number;
}

// Data of the event: time, code, offset of the bytes (always 0x60), their length, the bytes, padding. In hex digits:
const DIGITS = 64;
const WIRE = 4 * DIGITS;

/**
 * Reads `Entry(bytes32 indexed id, uint40 time, uint8 code, bytes wire)` by its fixed layout.
 *
 * @throws RangeError when the log is no such event: the node, not a participant, is at fault.
 */
export function decodeLog(log: RawLog): EntryLog {
  const digits = log.data.slice(2);
  const number = (index: number): number => Number(`0x${digits.slice(index * DIGITS, (index + 1) * DIGITS)}`);
  const [, id] = log.topics;
  const length = number(3);
  if (id === undefined || number(2) !== 0x60 || !(digits.length >= WIRE + 2 * length))
    throw new RangeError('A log of the contract is not an entry');
  const code = number(1);
  const violation = ledgerCode(code);
  if (code !== 0 && violation === undefined) throw new RangeError('An entry of the log has an unknown code');
  const block = Number(log.blockNumber);
  const logIndex = Number(log.logIndex);
  return {
    id,
    block,
    logIndex,
    cursor: formatCursor({ block, logIndex, blockHash: log.blockHash }),
    time: number(0),
    wire: fromHex(`0x${digits.slice(WIRE, WIRE + 2 * length)}`),
    violation,
  };
}

/** The part of an entry that its submitter gets. */
export function receiptOf({ id, cursor, time, violation }: EntryLog): Receipt {
  return { id, cursor, time, violation };
}
