import {
  type Address,
  type Authority,
  type Command,
  type CommandSigner,
  type Hex,
  memorySigner,
  noOrganisation,
  type Role,
  signCommand,
} from '@medseal/protocol';
import { MemoryLedger } from '../src/memory/memory-ledger.ts';
import type { Receipt } from '../src/ports/ledger.ts';

/** A fixed secret key for tests: 1, 2, 3 … */
export function testSigner(number: number): CommandSigner {
  const key = new Uint8Array(32);
  key[31] = number;
  return memorySigner(key);
}

/** 32 bytes that all tests may use as digest, commitment or salt. */
export function testWord(number: number): Hex {
  return `0x${number.toString(16).padStart(64, '0')}`;
}

export const start = 1_800_000_000;

const official = testSigner(100);
export const authority: Authority = { threshold: 1, keys: [official.address] };

export interface Person {
  readonly signer: CommandSigner;
  readonly id: Address;
}

/** A memory ledger with a hand-set clock and a few people, for tests that send commands one by one. */
export class SmallWorld {
  time = start;
  readonly ledger: MemoryLedger = new MemoryLedger({ authority, salt: testWord(7), clock: () => this.time });
  readonly #people = new Map<string, Person>();

  async person(name: string, roles: readonly Role[] = ['patient']): Promise<Person> {
    const known = this.#people.get(name);
    if (known !== undefined) return known;
    const number = this.#people.size + 1;
    const signer = testSigner(number);
    this.#people.set(name, { signer, id: signer.address });
    const command: Command = {
      type: 'register',
      participant: signer.address,
      keyDocument: testWord(number),
      organisation: noOrganisation,
      roles,
      clearance: 'private',
      person: testWord(1000 + number),
      validUntil: this.time + 60,
    };
    await this.send(command, official, signer);
    return { signer, id: signer.address };
  }

  async send(command: Command, ...signers: readonly CommandSigner[]): Promise<Receipt> {
    const wire = await signCommand(command, this.ledger.genesis.domain, ...signers);
    return (await this.ledger.submit(wire)).committed();
  }

  /** Sends a command of `person`, valid for a minute. */
  act(
    person: Person,
    fields: DistributiveOmit<Extract<Command, { actor: Hex }>, 'actor' | 'validUntil'>,
  ): Promise<Receipt> {
    const command = { ...fields, actor: person.id, validUntil: this.time + 60 } as Command;
    return this.send(command, person.signer);
  }

  ban(type: 'ban' | 'reinstate', person: Person, expectedVersion: number): Promise<Receipt> {
    const command: Command = {
      type,
      participant: person.id,
      expectedVersion,
      reason: testWord(5),
      validUntil: this.time + 60,
    };
    return this.send(command, official);
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
