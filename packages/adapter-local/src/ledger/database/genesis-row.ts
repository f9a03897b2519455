import type { DatabaseSync } from 'node:sqlite';
import { WrongLedgerError } from '@medseal/core/adapter';
import {
  type Authority,
  checkAuthority,
  type Domain,
  type Genesis,
  type Hex,
  localDomain,
  PROTOCOL_VERSION,
} from '@medseal/protocol';
import { LedgerCorruptError } from '../errors.ts';

export interface StoredGenesis {
  readonly genesis: Genesis;
  readonly salt: Hex;
  /** As it is stored, and published beside the log. */
  readonly text: string;
  readonly origin: string;
  readonly verifierKey: string;
}

interface GenesisText {
  readonly protocolVersion: number;
  readonly salt: Hex;
  readonly authority: Authority;
  readonly verifierKey: string;
}

/** Name of the log in its checkpoints: it binds the tree to the domain, and so to salt and authority. */
export function originOf(domain: Domain): string {
  return `medseal/local/${domain.slice(2)}`;
}

export function writeGenesis(database: DatabaseSync, parts: Omit<GenesisText, 'protocolVersion'>): void {
  const text: GenesisText = { protocolVersion: PROTOCOL_VERSION, ...parts };
  database.prepare('INSERT INTO genesis (one, text) VALUES (1, ?)').run(JSON.stringify(text));
}

/** @throws as `parseGenesis` */
export function readGenesis(database: DatabaseSync): StoredGenesis {
  const text = database.prepare('SELECT text FROM genesis WHERE one = 1').get()?.['text'];
  if (typeof text !== 'string') throw new LedgerCorruptError('its genesis is missing');
  return parseGenesis(text);
}

/**
 * What is damaged here leads to another domain, and so to another name than the signed checkpoint has.
 *
 * @throws LedgerCorruptError, WrongLedgerError
 */
export function parseGenesis(text: string): StoredGenesis {
  const { protocolVersion, salt, authority, verifierKey } = parse(text);
  if (protocolVersion !== PROTOCOL_VERSION)
    throw new WrongLedgerError(
      `The ledger speaks version ${protocolVersion} of the protocol, this program ${PROTOCOL_VERSION}`,
    );
  try {
    checkAuthority(authority);
    const domain = localDomain({ salt, authority });
    const genesis: Genesis = { protocolVersion, domain, authority };
    return { genesis, salt, text, origin: originOf(domain), verifierKey };
  } catch (error) {
    throw new LedgerCorruptError('its genesis is not what was written', { cause: error });
  }
}

function parse(text: string): GenesisText {
  try {
    const parsed = JSON.parse(text) as GenesisText | null;
    if (parsed !== null) return parsed;
  } catch (error) {
    throw new LedgerCorruptError('its genesis is not what was written', { cause: error });
  }
  throw new LedgerCorruptError('its genesis is not what was written');
}
