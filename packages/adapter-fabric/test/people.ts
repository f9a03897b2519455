import type { Ledger, LedgerEntry, Receipt } from '@medseal/core/adapter';
import {
  type Address,
  type Authority,
  type Command,
  type CommandSigner,
  type Domain,
  type Hex,
  type Level,
  memorySigner,
  noOrganisation,
  type Role,
  signCommand,
} from '@medseal/protocol';

/** A fixed secret key for tests: 1, 2, 3 … */
export function signerNumber(number: number): CommandSigner {
  const key = new Uint8Array(32);
  key[31] = number;
  return memorySigner(key);
}

/** 32 bytes that tests may use as digest, commitment, id or salt. */
export function word(number: number): Hex {
  return `0x${number.toString(16).padStart(64, '0')}`;
}

export const official: CommandSigner = signerNumber(100);
export const authority: Authority = { threshold: 1, keys: [official.address] };
export const patient: CommandSigner = signerNumber(1);
export const doctor: CommandSigner = signerNumber(2);
export const stranger: CommandSigner = signerNumber(3);

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type OwnFields = DistributiveOmit<Extract<Command, { actor: Hex }>, 'actor' | 'validUntil'>;

/** Signs the commands of one ledger. All are valid for a minute from `time()` on. */
export class Registrar {
  readonly #domain: Domain;
  readonly #time: () => number;

  constructor(domain: Domain, time: () => number) {
    this.#domain = domain;
    this.#time = time;
  }

  register(who: CommandSigner, roles: readonly Role[], clearance: Level = 'private'): Promise<Uint8Array> {
    const command: Command = {
      type: 'register',
      participant: who.address,
      keyDocument: word(1),
      organisation: noOrganisation,
      roles,
      clearance,
      person: `0x${who.address.slice(2).padStart(64, '0')}`,
      validUntil: this.#time() + 60,
    };
    return signCommand(command, this.#domain, official, who);
  }

  standing(type: 'ban' | 'reinstate', who: Address, expectedVersion: number): Promise<Uint8Array> {
    const command = { type, participant: who, expectedVersion, reason: word(2), validUntil: this.#time() + 60 };
    return signCommand(command, this.#domain, official);
  }

  sign(who: CommandSigner, fields: OwnFields): Promise<Uint8Array> {
    const command = { ...fields, actor: who.address, validUntil: this.#time() + 60 } as Command;
    return signCommand(command, this.#domain, who);
  }

  grant(request: Hex, until: number): Promise<Uint8Array> {
    return this.sign(patient, {
      type: 'grantAccess',
      patient: patient.address,
      request,
      grantee: doctor.address,
      keyVersion: 1,
      scope: word(3),
      level: 'private',
      newData: true,
      until,
      consent: word(4),
    });
  }

  use(grant: Hex, record: Hex = word(6)): Promise<Uint8Array> {
    const what = { patient: patient.address, grant, record, headerDigest: word(7), actingPerson: word(0) };
    return this.sign(doctor, { type: 'useAccess', ...what });
  }

  request(terms: Hex, until: number): Promise<Uint8Array> {
    const what = { patient: patient.address, level: 'low', newData: false, until, terms } as const;
    return this.sign(doctor, { type: 'requestAccess', ...what });
  }
}

export async function commit(ledger: Ledger, wire: Uint8Array): Promise<Receipt> {
  return (await ledger.submit(wire)).committed();
}

export async function readAll(ledger: Ledger, options?: Parameters<Ledger['entries']>[0]): Promise<LedgerEntry[]> {
  const log: LedgerEntry[] = [];
  for await (const entry of ledger.entries(options)) log.push(entry);
  return log;
}
