import {
  type Authority,
  checkAuthority,
  fabricDomain,
  type Genesis,
  type Hex,
  isHex,
  PROTOCOL_VERSION,
} from '@medseal/protocol';

/** What `initialise` writes, once. Public: every client recomputes the domain from it and from block 0. */
export interface StoredGenesis extends Genesis {
  readonly channel: string;
  readonly chaincode: string;
  readonly genesisBlockHash: Hex;
  /** Id of the transaction that wrote this: no entry stands before it. */
  readonly transaction: string;
}

/** @throws RangeError when the authority is not well-formed. */
export function createGenesis(parts: Omit<StoredGenesis, 'protocolVersion' | 'domain'>): StoredGenesis {
  checkAuthority(parts.authority);
  return { protocolVersion: PROTOCOL_VERSION, domain: fabricDomain(parts), ...parts };
}

/** @throws RangeError naming the part that is missing or out of form. */
export function parseGenesis(json: string): StoredGenesis {
  const { protocolVersion, domain, authority, channel, chaincode, genesisBlockHash, transaction } = parseObject(json);
  if (protocolVersion !== PROTOCOL_VERSION) throw new RangeError('The genesis is of another protocol version');
  if (!isHex(domain, 32)) throw new RangeError('The genesis has no domain');
  if (!isHex(genesisBlockHash, 32)) throw new RangeError('The genesis has no genesis block hash');
  if (typeof channel !== 'string' || typeof chaincode !== 'string' || typeof transaction !== 'string')
    throw new RangeError('The genesis does not name its channel, chaincode and transaction');
  const place = { channel, chaincode, genesisBlockHash, transaction };
  return { protocolVersion, domain, authority: toAuthority(authority), ...place };
}

/** @throws RangeError when the text is no JSON of a well-formed authority. */
export function parseAuthority(json: string): Authority {
  return toAuthority(parseObject(json));
}

function toAuthority(value: unknown): Authority {
  const { threshold, keys } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof threshold !== 'number' || !Array.isArray(keys) || !keys.every((key): key is Hex => isHex(key, 20)))
    throw new RangeError('An authority has a threshold and a list of addresses');
  const authority = { threshold, keys };
  checkAuthority(authority);
  return authority;
}

function parseObject(json: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(json)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new RangeError('The text is no JSON', { cause });
  }
}
