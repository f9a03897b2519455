/** A long log of few people, made once and kept in .cache/bench. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ledger, LedgerEntry } from '@medseal/core';
import {
  type Command,
  type CommandSigner,
  decodeEntry,
  encodeEntry,
  fromHex,
  type Genesis,
  type Hex,
  localDomain,
  memorySigner,
  noOrganisation,
  PROTOCOL_VERSION,
  recordId,
  type Role,
  signCommand,
} from '@medseal/protocol';

interface Addon {
  ecdsaSign(digest: Uint8Array, key: Uint8Array): { readonly signature: Uint8Array; readonly recid: number };
}

const addon = createRequire(import.meta.url)('secp256k1') as Addon;

const PAIRS = 20;
const START = 1_800_000_000;

const official = memorySigner(fromHex(word(9999)));
const authority = { threshold: 1, keys: [official.address] };
export const genesis: Genesis = {
  protocolVersion: PROTOCOL_VERSION,
  domain: localDomain({ salt: word(1), authority }),
  authority,
};

function word(number: number): Hex {
  return `0x${number.toString(16).padStart(64, '0')}`;
}

/** Signs as `memorySigner` does, by libsecp256k1. */
function quickSigner(number: number): CommandSigner {
  const key = fromHex(word(number));
  return {
    address: memorySigner(key).address,
    sign: async (digest) => {
      const { signature, recid } = addon.ecdsaSign(digest, key);
      return Uint8Array.of(...signature, 27 + recid);
    },
  };
}

/** So many entries; of each pair, in turn: a deposit, a request, its grant, and a use of it. All of them apply. */
export async function viewLog(length: number): Promise<readonly LedgerEntry[]> {
  const path = fileURLToPath(new URL(`../.cache/bench/view-log-${length}`, import.meta.url));
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.part`, await makeLog(length));
    renameSync(`${path}.part`, path);
  }
  const bytes = new Uint8Array(readFileSync(path));
  const entries: LedgerEntry[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = new DataView(bytes.buffer).getUint32(at);
    entries.push({ cursor: String(entries.length), ...decodeEntry(bytes.subarray(at + 4, at + 4 + size)) });
    at += 4 + size;
  }
  return entries;
}

async function makeLog(length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const add = async (time: number, command: Command, ...signers: readonly CommandSigner[]): Promise<Hex> => {
    const wire = await signCommand(command, genesis.domain, ...signers);
    const entry = encodeEntry({ time, wire });
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, entry.length);
    parts.push(size, entry);
    if (parts.length % 20_000 === 0) process.stderr.write(`… ${parts.length / 2} of ${length} entries made\n`);
    return word(parts.length);
  };
  const person = async (number: number, role: Role): Promise<CommandSigner> => {
    const signer = quickSigner(number);
    const attested = { participant: signer.address, keyDocument: word(number), organisation: noOrganisation };
    const rest = { roles: [role], clearance: 'private', person: word(number), validUntil: START + 60 } as const;
    await add(START, { type: 'register', ...attested, ...rest }, official, signer);
    return signer;
  };
  const pairs: { readonly patient: CommandSigner; readonly doctor: CommandSigner }[] = [];
  for (let pair = 1; pair <= PAIRS; pair++)
    pairs.push({ patient: await person(2 * pair, 'patient'), doctor: await person(2 * pair + 1, 'provider') });

  for (let round = 0; parts.length / 2 < length; round++) {
    const pair = pairs[round % PAIRS];
    if (pair === undefined) break;
    const time = START + round;
    for (const [command, signer] of episode(round, time, pair)) {
      if (parts.length / 2 < length) await add(time, command, signer);
    }
  }
  return Buffer.concat(parts);
}

function episode(
  round: number,
  time: number,
  { patient, doctor }: { readonly patient: CommandSigner; readonly doctor: CommandSigner },
): readonly (readonly [Command, CommandSigner])[] {
  const [owner, author, validUntil, until] = [patient.address, doctor.address, time + 60, time + 1000];
  const parts = {
    owner,
    compartment: word(50),
    epoch: 1,
    level: 'low',
    payloadDigest: word(51),
    salt: word(round),
  } as const;
  const headerDigest = word(52);
  const record = recordId({ ...parts, author });
  const request = word(1_000_000 + round);
  const of = { level: 'low', newData: true, until } as const;
  return [
    [{ type: 'anchorRecord', ...parts, headerDigest, content: word(53), actor: author, validUntil }, doctor],
    [{ type: 'requestAccess', patient: owner, ...of, terms: word(round), actor: author, validUntil }, doctor],
    [
      {
        type: 'grantAccess',
        patient: owner,
        request,
        grantee: author,
        keyVersion: 1,
        scope: word(50),
        ...of,
        consent: word(54),
        actor: owner,
        validUntil,
      },
      patient,
    ],
    [
      {
        type: 'useAccess',
        patient: owner,
        grant: request,
        record,
        headerDigest,
        actingPerson: word(round),
        actor: author,
        validUntil,
      },
      doctor,
    ],
  ];
}

/** A ledger that is nothing but this log. */
export function ledgerOf(log: readonly LedgerEntry[]): Ledger {
  const ledger: Pick<Ledger, 'genesis' | 'entries'> = {
    genesis,
    async *entries({ after } = {}) {
      yield* log.slice(after === undefined ? 0 : Number(after) + 1);
    },
  };
  return ledger as Ledger;
}
