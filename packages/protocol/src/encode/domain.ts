import { keccak_256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { concat, fromHex, type Hex, isHex, toHex } from './bytes.ts';
import type { Address } from './kinds.ts';
import { leftPad, numberWord, tagWord } from './word.ts';

/** The 32 bytes that set one ledger apart from every other: nothing signed for one can enter another. */
export type Domain = Hex;

/** Who may register and ban: exactly `threshold` of `keys` sign. Set at genesis; itself no participant. */
export interface Authority {
  readonly threshold: number;
  /** Addresses, ascending, without repeats. */
  readonly keys: readonly Address[];
}

/** What every reader of a ledger must agree on before the first entry. */
export interface Genesis {
  readonly protocolVersion: 1;
  readonly domain: Domain;
  readonly authority: Authority;
}

export const PROTOCOL_VERSION = 1;
const MAX_AUTHORITY_KEYS = 32;

/** @throws RangeError when keys are no lower-case addresses, unsorted, repeated, too many, or fewer than the threshold. */
export function checkAuthority({ threshold, keys }: Authority): void {
  if (keys.length > MAX_AUTHORITY_KEYS) throw new RangeError(`An authority has at most ${MAX_AUTHORITY_KEYS} keys`);
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > keys.length)
    throw new RangeError('The threshold of an authority must lie between 1 and the number of its keys');
  keys.forEach((key, index) => {
    // An address in mixed case (EIP-55) would never equal a recovered signer.
    if (!isHex(key, 20)) throw new RangeError('Authority keys must be addresses of 20 bytes in lower-case hex');
    const before = keys[index - 1];
    if (before !== undefined && before >= key) throw new RangeError('Authority keys must ascend without repeats');
  });
}

export function authorityDigest({ threshold, keys }: Authority): Hex {
  const words = keys.map((key) => leftPad(fromHex(key)));
  return toHex(keccak_256(concat(tagWord('medseal authority'), numberWord(threshold), ...words)));
}

/** Domain of a contract: chain id, contract, hash of the block before its creation, authority. */
export function ethereumDomain(parts: {
  chainId: bigint;
  contract: Address;
  parentHash: Hex;
  authority: Authority;
}): Domain {
  return hashDomain(
    'medseal domain ethereum',
    numberWord(parts.chainId),
    leftPad(fromHex(parts.contract)),
    fromHex(parts.parentHash),
    fromHex(authorityDigest(parts.authority)),
  );
}

/** Domain of a chaincode: channel, chaincode name, hash of the channel's genesis block, authority. */
export function fabricDomain(parts: {
  channel: string;
  chaincode: string;
  genesisBlockHash: Hex;
  authority: Authority;
}): Domain {
  return hashDomain(
    'medseal domain fabric',
    keccak_256(utf8ToBytes(parts.channel)),
    keccak_256(utf8ToBytes(parts.chaincode)),
    fromHex(parts.genesisBlockHash),
    fromHex(authorityDigest(parts.authority)),
  );
}

/** Domain of an embedded ledger: 32 random bytes made at its creation, and the authority. */
export function localDomain(parts: { salt: Hex; authority: Authority }): Domain {
  return hashDomain('medseal domain local', fromHex(parts.salt), fromHex(authorityDigest(parts.authority)));
}

function hashDomain(tag: string, ...words: Uint8Array[]): Domain {
  return toHex(keccak_256(concat(tagWord(tag), ...words)));
}
