import { decodeCommand, type Domain, idOf } from '@medseal/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeGenesis, encodeSubmit } from '../src/abi.ts';
import { artifact } from '../src/generated/artifact.ts';
import { functions } from '../src/generated/layout.ts';
import { type Chain, sendNow, startChain } from './driver.ts';
import {
  authorityOf,
  doctor,
  hospital,
  NOW,
  officials,
  patient,
  registration,
  stranger,
  word,
  write,
} from './people.ts';

// Gas under the rules of Osaka, at fields without zero bytes where they are digests: the dearest case.
const TOLERANCE = 1.15;

// For what has no goal of its own.
const UNSET_GOAL = 110_000;

let chain: Chain;
const table: { command: string; gas: number; goal: number | undefined }[] = [];

beforeAll(async () => {
  chain = await startChain();
  await chain.setTime(NOW);
});

afterAll(async () => {
  await chain[Symbol.asyncDispose]();
  const rows = table.map(
    ({ command, gas, goal }) =>
      `${command.padEnd(36)}${String(gas).padStart(8)}${String(goal ?? '-').padStart(9)}${goal === undefined ? '' : String(gas - goal).padStart(8)}`,
  );
  const head = `${'command'.padEnd(36)}${'gas'.padStart(8)}${'goal'.padStart(9)}${'over'.padStart(8)}`;
  process.stdout.write(`${[`contract of ${artifact.runtimeSize} bytes`, head, ...rows].join('\n')}\n`);
});

interface Measured {
  readonly domain: Domain;
  readonly measure: (command: string, wire: Uint8Array, goal?: number) => Promise<number>;
}

async function freshContract(threshold: number): Promise<Measured> {
  const { rpc, account } = chain;
  const to = await chain.deploy(authorityOf(threshold));
  const { domain } = decodeGenesis(await rpc('eth_call', [{ to, data: functions.genesis }, 'latest']));
  return {
    domain,
    measure: async (command, wire, goal) => {
      const { gasUsed } = await sendNow(rpc, { from: account, to, data: encodeSubmit(wire) });
      const gas = Number(gasUsed);
      table.push({ command, gas, goal });
      return gas;
    },
  };
}

test('gas of every command', async () => {
  const { domain, measure } = await freshContract(1);
  const authority = { authority: officials(1) };
  const use = {
    type: 'useAccess',
    patient: patient.address,
    record: word(8),
    headerDigest: word(9),
    actingPerson: word(10),
  } as const;
  await measure('register', await registration(patient, domain, 1), 86_000);
  await measure(
    'register an organisation',
    await registration(hospital, domain, 1, { roles: ['organisation'] }),
    86_000,
  );
  await measure(
    'register into an organisation',
    await registration(doctor, domain, 1, { roles: ['provider'], organisation: hospital.address }),
  );
  await measure(
    'anchorRecord',
    await write(
      {
        type: 'anchorRecord',
        owner: patient.address,
        compartment: word(1),
        epoch: 1,
        level: 'private',
        payloadDigest: word(2),
        headerDigest: word(3),
        content: word(4),
        salt: word(5),
      },
      domain,
      doctor,
    ),
    40_000,
  );
  const asked = await write(
    {
      type: 'requestAccess',
      patient: patient.address,
      level: 'moderate',
      newData: true,
      until: NOW + 1000,
      terms: word(5),
    },
    domain,
    doctor,
  );
  const request = await measure('requestAccess', asked, 37_500);
  const number = idOf(decodeCommand(asked).command, domain);
  const grant = await measure(
    'grantAccess',
    await write(
      {
        type: 'grantAccess',
        patient: patient.address,
        request: number,
        grantee: doctor.address,
        keyVersion: 1,
        scope: word(6),
        level: 'moderate',
        newData: true,
        until: NOW + 1000,
        consent: word(7),
      },
      domain,
      patient,
    ),
    61_000,
  );
  const used = await measure('useAccess', await write({ ...use, grant: number }, domain, doctor), 41_000);
  await measure('useAccess, violation', await write({ ...use, grant: word(9) }, domain, doctor), 41_000);
  await measure(
    'denyAccess',
    await write({ type: 'denyAccess', patient: patient.address, request: word(9) }, domain, patient),
    55_000,
  );
  const revoked = await measure(
    'revokeAccess',
    await write({ type: 'revokeAccess', patient: patient.address, grant: number }, domain, patient),
    39_000,
  );
  await measure(
    'reportViolation',
    await write(
      {
        type: 'reportViolation',
        patient: patient.address,
        subject: doctor.address,
        entry: word(1),
        statement: word(2),
      },
      domain,
      patient,
    ),
  );
  const standing = { participant: doctor.address, reason: word(1) };
  await measure('ban', await write({ type: 'ban', expectedVersion: 1, ...standing }, domain, authority));
  await measure('reinstate', await write({ type: 'reinstate', expectedVersion: 2, ...standing }, domain, authority));
  await measure(
    'rotateKeys',
    await write({ type: 'rotateKeys', keyDocument: word(1), expectedKeyVersion: 1 }, domain, doctor),
  );
  const own = { patient: patient.address, record: word(8) };
  const headers = { previousHeader: word(9), headerDigest: word(10) };
  await measure('supersedeRecord', await write({ type: 'supersedeRecord', ...own, ...headers }, domain, patient));
  await measure('eraseRecord', await write({ type: 'eraseRecord', ...own, reason: word(1) }, domain, patient));
  const cycle = request + grant + used + revoked;
  table.push({ command: 'request + grant + use + revoke', gas: cycle, goal: 175_000 });
  for (const { gas, goal = UNSET_GOAL } of table) expect(gas).toBeLessThan(goal * TOLERANCE);
});

test('gas of a registration with three officials', async () => {
  const { domain, measure } = await freshContract(3);
  expect(await measure('register, 3 of 3 keys', await registration(stranger, domain, 3))).toBeLessThan(UNSET_GOAL);
});
