import {
  fromHex,
  type Genesis,
  type Hex,
  memorySigner,
  noOrganisation,
  signCommand,
  toHex,
} from '../../../packages/protocol/src/index.ts';
import { type Ledger, LedgerUnavailableError, memoryLedger } from '../../../packages/core/src/index.ts';

/** A log that can travel as JSON. */
export interface PortableLog {
  readonly genesis: Genesis;
  readonly entries: readonly { readonly cursor: string; readonly time: number; readonly wire: Hex }[];
}

const official = memorySigner(new Uint8Array(32).fill(100));
const now = 1_800_000_000;

/** So many registrations. */
export async function makeLog(people: number): Promise<PortableLog> {
  const authority = { threshold: 1, keys: [official.address] };
  const ledger = memoryLedger({ authority, salt: word(7), clock: () => now });
  for (let number = 1; number <= people; number++) {
    const person = memorySigner(fromHex(word(number)));
    const wire = await signCommand(
      {
        type: 'register',
        participant: person.address,
        keyDocument: word(number),
        organisation: noOrganisation,
        roles: ['patient'],
        clearance: 'low',
        person: word(number),
        validUntil: now + 60,
      },
      ledger.genesis.domain,
      official,
      person,
    );
    await ledger.submit(wire);
  }
  const log = await Array.fromAsync(ledger.entries());
  return { genesis: ledger.genesis, entries: log.map((entry) => ({ ...entry, wire: toHex(entry.wire) })) };
}

/** A ledger that shows this log; without entries, one that does not answer. */
export function ledgerOf({ genesis }: PortableLog, entries: PortableLog['entries'] | undefined): Ledger {
  const ledger: Pick<Ledger, 'genesis' | 'entries'> = {
    genesis,
    async *entries({ after } = {}) {
      if (entries === undefined) throw new LedgerUnavailableError('There is no network');
      const from = entries.findIndex(({ cursor }) => cursor === after) + 1;
      for (const entry of entries.slice(from)) yield { ...entry, wire: fromHex(entry.wire) };
    },
  };
  return ledger as Ledger;
}

function word(number: number): Hex {
  return `0x${number.toString(16).padStart(64, '0')}`;
}
