import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
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

export function encodeState({ checkpoint, deliveries, notices }: SavedState): Uint8Array {
  const out = byteWriter()
    .u8(VERSION, 'version')
    .u48(checkpoint.length, 'length')
    .fixed(checkpoint.digest, DIGEST, 'digest')
    .u32(deliveries.length, 'number of deliveries')
    .u32(notices.length, 'number of notices');
  for (const { manifest, box } of deliveries) out.bytes(manifest, MAX_BYTES, 'manifest').bytes(box, MAX_BYTES, 'box');
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
    while (deliveries.length < counts[0])
      deliveries.push({ manifest: next.bytes(MAX_BYTES, 'manifest'), box: next.bytes(MAX_BYTES, 'box') });
    const notices: Uint8Array[] = [];
    while (notices.length < counts[1]) notices.push(next.bytes(MAX_BYTES, 'notice'));
    return { checkpoint, deliveries, notices };
  });
}
