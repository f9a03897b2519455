import { type ByteReader, readObject } from '../lib/byte-reader.ts';
import { type ByteWriter, byteWriter } from '../lib/byte-writer.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { FragmentDelivery } from '../ports/proxy.ts';

/** How far a proxy has read, so that it never goes back. */
export interface Checkpoint {
  /** Number of entries. */
  readonly length: number;
  /** Log digest after them. */
  readonly digest: Uint8Array;
}

export interface SavedState {
  readonly checkpoint: Checkpoint;
  /** As they came: fragments are sealed to the proxy. */
  readonly deliveries: readonly FragmentDelivery[];
  /** Wire bytes of the withdrawals noticed past the ledger. */
  readonly notices: readonly Uint8Array[];
}

const OBJECT = 'proxy state';
const VERSION = 1;
const DIGEST = 32;
const MAX_BYTES = 65_536;
/** Whether a delivery has a sealed record list: the deliveries of one grant share theirs, which may be long. */
const RECORDS = { none: 0, own: 1, asBefore: 2 } as const;

export function encodeState({ checkpoint, deliveries, notices }: SavedState): Uint8Array {
  const out = byteWriter()
    .u8(VERSION, 'version')
    .u48(checkpoint.length, 'length')
    .fixed(checkpoint.digest, DIGEST, 'digest')
    .u32(deliveries.length, 'number of deliveries')
    .u32(notices.length, 'number of notices');
  let before: Uint8Array | undefined;
  for (const { manifest, box, records } of deliveries) {
    out.bytes(manifest, MAX_BYTES, 'manifest').bytes(box, MAX_BYTES, 'box');
    writeRecords(out, records, before);
    before = records;
  }
  for (const notice of notices) out.bytes(notice, MAX_BYTES, 'notice');
  return out.done();
}

/** @throws MalformedObjectError */
export function parseState(bytes: Uint8Array): SavedState {
  return readObject(bytes, OBJECT, (next) => {
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    const checkpoint = { length: next.u48('length'), digest: next.fixed(DIGEST, 'digest') };
    const counts = [next.u32('number of deliveries'), next.u32('number of notices')] as const;
    const deliveries: FragmentDelivery[] = [];
    while (deliveries.length < counts[0]) {
      const delivery = { manifest: next.bytes(MAX_BYTES, 'manifest'), box: next.bytes(MAX_BYTES, 'box') };
      deliveries.push({ ...delivery, records: readRecords(next, deliveries.at(-1)?.records) });
    }
    const notices: Uint8Array[] = [];
    while (notices.length < counts[1]) notices.push(next.bytes(MAX_BYTES, 'notice'));
    return { checkpoint, deliveries, notices };
  });
}

function writeRecords(out: ByteWriter, list: Uint8Array | undefined, before: Uint8Array | undefined): void {
  if (list === undefined) out.u8(RECORDS.none, 'records');
  else if (before !== undefined && equalBytes(list, before)) out.u8(RECORDS.asBefore, 'records');
  else out.u8(RECORDS.own, 'records').bytes(list, MAX_BYTES, 'record list');
}

function readRecords(next: ByteReader, before: Uint8Array | undefined): Uint8Array | undefined {
  const kind = next.u8('records');
  if (kind === RECORDS.none) return undefined;
  if (kind === RECORDS.own) return next.bytes(MAX_BYTES, 'record list');
  next.require(kind === RECORDS.asBefore && before !== undefined, 'records', 'has no list before it');
  return before;
}
