import { type Participant, participant, toHex } from '@medseal/protocol';
import { keccak256 } from 'ethers';
import { expect, test } from 'vitest';
import { artifact } from '../src/generated/artifact.ts';
import { decodeGenesis } from '../src/abi.ts';
import { functions } from '../src/generated/layout.ts';
import { sendRaw, startChain } from './driver.ts';
import { authorityOf, doctor, NOW, patient, registration, word, write } from './people.ts';

// No command changes a clearance, so the standing is changed behind the contract's back.
test.each([
  ['CLEARANCE_TOO_LOW', { clearance: 'low' }],
  ['KEYS_CHANGED', { keyVersion: 2, clearance: 'low' }],
] as const)('a use is logged as %s after a change of %j', async (code, change) => {
  await using chain = await startChain();
  await chain.setTime(NOW);
  const contract = await chain.deploy(authorityOf(1));
  const { domain } = decodeGenesis(await chain.rpc('eth_call', [{ to: contract, data: functions.genesis }, 'latest']));
  await sendRaw(chain, contract, await registration(patient, domain, 1));
  await sendRaw(chain, contract, await registration(doctor, domain, 1, { roles: ['provider'] }));
  const grant = await write(
    {
      type: 'grantAccess',
      patient: patient.address,
      request: word(1),
      grantee: doctor.address,
      keyVersion: 1,
      scope: word(2),
      level: 'moderate',
      newData: false,
      until: NOW + 100,
      consent: word(3),
    },
    domain,
    patient,
  );
  expect(await sendRaw(chain, contract, grant)).toEqual({ outcome: 'applied' });
  const standing: Participant = {
    status: 'active',
    roles: ['provider'],
    organisation: `0x${'00'.repeat(20)}`,
    version: 1,
    keyVersion: 1,
    ...change,
  };
  const pad = (hex: string): string => hex.padStart(64, '0');
  const slot = keccak256(`0x${pad(doctor.address.slice(2))}${pad(artifact.slots.participant.toString(16))}`);
  const { key, value } = participant.put(doctor.address, standing);
  await chain.rpc('anvil_setStorageAt', [contract, slot, toHex(key.entity.encode(value))]);
  const use = await write(
    {
      type: 'useAccess',
      patient: patient.address,
      grant: word(1),
      record: word(4),
      headerDigest: word(5),
      actingPerson: word(0),
    },
    domain,
    doctor,
  );
  expect(await sendRaw(chain, contract, use)).toEqual({ outcome: 'violation', code });
});
