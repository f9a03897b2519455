import { type Authority, concat, type Domain, fromHex, type Hex, toHex } from '@medseal/protocol';
import { functions } from './generated/layout.ts';

// The few shapes that this contract needs; everything is a 32-byte word, so no ABI library is.
const WORD = 32;

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(WORD);
  new DataView(bytes.buffer).setUint32(WORD - 4, value);
  return bytes;
}

/** Call data of `submit(bytes)`. */
export function encodeSubmit(wire: Uint8Array): Hex {
  const padding = new Uint8Array((WORD - (wire.length % WORD)) % WORD);
  return toHex(concat(fromHex(functions.submit), word(WORD), word(wire.length), wire, padding));
}

/** Constructor arguments `(uint256 threshold, address[] keys)`, without `0x`. */
export function encodeAuthority({ threshold, keys }: Authority): string {
  const padded = keys.map((key) => concat(new Uint8Array(12), fromHex(key)));
  return toHex(concat(word(threshold), word(2 * WORD), word(keys.length), ...padded)).slice(2);
}

/** What the contract states about its creation. Nothing of it is believed before it is computed again. */
export interface StatedGenesis {
  readonly protocolVersion: number;
  readonly domain: Domain;
  /** Hash of the block before the creation. */
  readonly parentHash: Hex;
  /** Number of the block of the creation: no entry is older. */
  readonly block: number;
  readonly authority: Authority;
}

/**
 * Reads what `genesis()` returns: version, domain, parent hash, block, threshold, offset of the keys, their number, keys.
 *
 * @throws RangeError when the data is anything else.
 */
export function decodeGenesis(data: Hex): StatedGenesis {
  const [version, domain, parentHash, block, threshold, , count, ...keys] = data.slice(2).match(/.{64}/g) ?? [];
  if (count === undefined || domain === undefined || parentHash === undefined || toNumber(count) !== keys.length)
    throw new RangeError('Not what genesis() returns');
  return {
    protocolVersion: toNumber(version),
    domain: `0x${domain}`,
    parentHash: `0x${parentHash}`,
    block: toNumber(block),
    authority: { threshold: toNumber(threshold), keys: keys.map((key): Hex => `0x${key.slice(24)}`) },
  };
}

function toNumber(digits: string | undefined): number {
  return Number(`0x${digits ?? ''}`);
}
