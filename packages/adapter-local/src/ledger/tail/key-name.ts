import { hash } from 'node:crypto';
import type { CommandId } from '@medseal/protocol';
import { KEY } from '../database/block.ts';

/** A key of 32 bytes as a string, a character a byte: it can be the key of a map, and sorts as the bytes do. */
export type KeyName = string;

/** Memory that is used again, with room to tell an id that is too long. */
const scratch = Buffer.alloc(KEY + 1);

/** Of another length than a key when the id is not 32 bytes. */
export function nameOfId(id: CommandId): KeyName {
  return scratch.toString('latin1', 0, scratch.write(id.slice(2), 'hex'));
}

/** Objects of state stand under the SHA-256 of their path. */
export function nameOfPath(path: string): KeyName {
  return hash('sha256', path, 'binary');
}

export function keyOf(name: KeyName): Buffer {
  return Buffer.from(name, 'latin1');
}

/** Writes the bytes of a key to a place. */
export function writeName(name: KeyName, bytes: Buffer, at: number): void {
  bytes.write(name, at, 'latin1');
}
