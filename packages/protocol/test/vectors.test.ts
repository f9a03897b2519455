import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import {
  type Authority,
  authorityDigest,
  type Command,
  commands,
  decide,
  decodeCommand,
  decodeEntry,
  emptyLogDigest,
  encodeCommand,
  encodeEntry,
  encodeType,
  ethereumDomain,
  extendLogDigest,
  fabricDomain,
  fromHex,
  type Genesis,
  type Hex,
  idOf,
  localDomain,
  memorySigner,
  recordId,
  type RecordParts,
  signCommand,
  toHex,
  typeHash,
  verifyCommand,
} from '../src/index.ts';

function vectors(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../../vectors/protocol', name), 'utf8'));
}

interface CommandVectors {
  readonly ledger: Genesis & { readonly secretKeys: Readonly<Record<string, Hex>> };
  readonly commands: readonly {
    readonly type: string;
    readonly typeHash: Hex;
    readonly command: Command;
    readonly id: Hex;
    readonly signers: readonly string[];
    readonly wire: Hex;
  }[];
}

const { ledger, commands: frozen } = vectors('commands.json') as CommandVectors;

test('every command of this version has a vector', () => {
  expect(frozen.map(({ command }) => command.type)).toEqual(Object.keys(commands));
});

describe.each(frozen.map((one) => [one.command.type, one] as const))('%s', (type, vector) => {
  it('has the type, the id and the bytes that were frozen', async () => {
    expect(encodeType(commands[type])).toBe(vector.type);
    expect(toHex(typeHash(commands[type]))).toBe(vector.typeHash);
    expect(idOf(vector.command, ledger.domain)).toBe(vector.id);
    const signers = vector.signers.map((name) => memorySigner(fromHex(ledger.secretKeys[name] ?? '0x')));
    expect(toHex(await signCommand(vector.command, ledger.domain, ...signers))).toBe(vector.wire);
  });

  it('is read back from its bytes', () => {
    const decoded = decodeCommand(fromHex(vector.wire));
    expect(decoded.command).toEqual(vector.command);
    expect(toHex(encodeCommand(decoded))).toBe(vector.wire);
    expect(verifyCommand(fromHex(vector.wire), ledger)).toMatchObject({ id: vector.id });
  });
});

interface SignatureVectors {
  readonly ledger: Genesis;
  readonly cases: readonly { readonly name: string; readonly wire: Hex; readonly code?: string; readonly id?: Hex }[];
}

test('good and bad signatures are told apart as they were', () => {
  const { ledger: where, cases } = vectors('signatures.json') as SignatureVectors;
  expect(cases.length).toBeGreaterThan(40);
  for (const { name, wire, code, id } of cases) {
    const verified = verifyCommand(fromHex(wire), where);
    const got = 'outcome' in verified ? { code: verified.code } : { id: verified.id };
    expect({ name, ...got }).toEqual(code === undefined ? { name, id } : { name, code });
  }
});

interface DecisionVectors {
  readonly ledger: Genesis;
  readonly cases: readonly {
    readonly name: string;
    readonly state: Readonly<Record<string, Hex>>;
    readonly wire: Hex;
    readonly time: number;
    readonly outcome: string;
    readonly code?: string;
    readonly writes?: Readonly<Record<string, Hex>>;
  }[];
}

test('every verdict and every word written is as it was', () => {
  const { ledger: where, cases } = vectors('decisions.json') as DecisionVectors;
  expect(cases.length).toBeGreaterThan(300);
  for (const { name, state, wire, time, ...expected } of cases) {
    const {
      id: _id,
      command: _command,
      ...verdict
    } = decide(fromHex(wire), where, time, ({ path, entity }) => {
      const word = state[path];
      return word === undefined ? undefined : entity.decode(fromHex(word));
    });
    const got =
      verdict.outcome === 'applied'
        ? {
            outcome: verdict.outcome,
            writes: Object.fromEntries(
              verdict.writes.map(({ key, value }) => [key.path, toHex(key.entity.encode(value))]),
            ),
          }
        : verdict;
    expect({ name, ...got }).toEqual({ name, ...expected });
  }
});

interface HashVectors {
  readonly authority: Authority & { readonly digest: Hex };
  readonly domains: {
    readonly ethereum: {
      readonly chainId: number;
      readonly contract: Hex;
      readonly parentHash: Hex;
      readonly domain: Hex;
    };
    readonly fabric: {
      readonly channel: string;
      readonly chaincode: string;
      readonly genesisBlockHash: Hex;
      readonly domain: Hex;
    };
    readonly local: { readonly salt: Hex; readonly domain: Hex };
  };
  readonly record: RecordParts & { readonly id: Hex };
}

test('authority, domains and record id are as they were', () => {
  const { authority, domains, record } = vectors('hashes.json') as HashVectors;
  const { ethereum, fabric, local } = domains;
  expect(authorityDigest(authority)).toBe(authority.digest);
  expect(ethereumDomain({ ...ethereum, chainId: BigInt(ethereum.chainId), authority })).toBe(ethereum.domain);
  expect(fabricDomain({ ...fabric, authority })).toBe(fabric.domain);
  expect(localDomain({ ...local, authority })).toBe(local.domain);
  expect(recordId(record)).toBe(record.id);
});

interface LogVectors {
  readonly entries: readonly {
    readonly time: number;
    readonly code: string | null;
    readonly bytes: Hex;
    readonly digestAfter: Hex;
  }[];
}

test('a log has the bytes and the running digest that it had', () => {
  const { entries } = vectors('log.json') as LogVectors;
  let digest = emptyLogDigest;
  for (const { time, code, bytes, digestAfter } of entries) {
    const entry = decodeEntry(fromHex(bytes));
    expect(entry.time).toBe(time);
    expect(entry.violation ?? null).toBe(code);
    expect(toHex(encodeEntry(entry))).toBe(bytes);
    digest = extendLogDigest(digest, entry);
    expect(toHex(digest)).toBe(digestAfter);
  }
  expect(entries.map(({ code }) => code)).toEqual([null, null, 'GRANT_REVOKED']);
});
