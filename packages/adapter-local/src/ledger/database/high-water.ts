import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import { checksum } from './checksum.ts';

/** How far the log had come, as it was last acknowledged. */
export interface HighWater {
  readonly size: number;
  readonly root: Uint8Array;
}

const SLOT = 512;
const RECORD = 8 + 32;
const CHECKSUM = 16;

export function highWaterPath(path: string): string {
  return `${path}-head`;
}

/**
 * The greatest size noted beside the ledger, `undefined` where none was.
 *
 * SQLite takes a damaged frame of its write-ahead log for the end of the log, and silently gives up the commits behind
 * it. This note tells that they were there.
 */
export function readHighWater(path: string): HighWater | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(highWaterPath(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new LedgerUnavailableError('The note of how far the log came can not be read', { cause: error });
  }
  const slots = [readSlot(bytes, 0), readSlot(bytes, SLOT)].filter((slot) => slot !== undefined);
  return slots.toSorted((a, b) => b.size - a.size)[0];
}

/** Writes the note at each commit, into one of two slots by turns: a torn write leaves the other. */
export class HighWaterMark implements Disposable {
  readonly #file: number;
  #slot = 0;

  constructor(path: string) {
    try {
      this.#file = openSync(highWaterPath(path), constants.O_RDWR | constants.O_CREAT, 0o600);
    } catch (error) {
      throw new LedgerUnavailableError('The note of how far the log came can not be written', { cause: error });
    }
  }

  /** After the commit, without waiting for the disk: it may say less than the ledger holds, never more. */
  write(mark: HighWater): void {
    try {
      writeSync(this.#file, encodeSlot(mark), 0, RECORD + CHECKSUM, SLOT * this.#slot);
      this.#slot = 1 - this.#slot;
    } catch {
      // The commit stands. The next one writes the note again.
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

function encodeSlot({ size, root }: HighWater): Uint8Array {
  const slot = Buffer.alloc(RECORD + CHECKSUM);
  slot.writeUIntBE(size, 2, 6);
  slot.set(root, 8);
  slot.set(checksum(slot.subarray(0, RECORD)), RECORD);
  return slot;
}

function readSlot(bytes: Uint8Array, start: number): HighWater | undefined {
  const slot = Buffer.from(bytes.subarray(start, start + RECORD + CHECKSUM));
  if (slot.length < RECORD + CHECKSUM) return undefined;
  const record = slot.subarray(0, RECORD);
  if (!slot.subarray(RECORD).equals(checksum(record))) return undefined;
  return { size: record.readUIntBE(2, 6), root: Uint8Array.from(record.subarray(8)) };
}
