import { hash } from 'node:crypto';
import type { CommandId } from '@medseal/protocol';

/** A key of 32 bytes as a string, a character a byte: it can be the key of a map, and sorts as the bytes do. */
export type KeyName = string;

export function nameOfId(id: CommandId): KeyName {
  return Buffer.from(id.slice(2), 'hex').toString('latin1');
}

/** Objects of state stand under the SHA-256 of their path. */
export function nameOfPath(path: string): KeyName {
  return hash('sha256', path, 'binary');
}

export function keyOf(name: KeyName): Buffer {
  return Buffer.from(name, 'latin1');
}
