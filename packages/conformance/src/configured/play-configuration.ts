import {
  type Actor,
  type ConfiguredNetwork,
  grantAccess,
  issueTicket,
  type NetworkConfig,
  openNetwork,
  type OpenNetworkOptions,
  openRecord,
  register,
  type RegisterParameters,
  requestAccess,
  revokeAccess,
  sealRecord,
} from '@medseal/core';
import type { CommandSigner } from '@medseal/protocol';
import { expectEqual, expectRejection, expectTrue } from '../suite/expect.ts';

export interface PlayConfigurationOptions extends OpenNetworkOptions {
  /** Exactly the threshold of the ledger's authority. */
  readonly officials: readonly CommandSigner[];
}

const cardiology = { compartment: 'cardiology', dataClass: 'medical-record' } as const;
const text = 'Blood pressure 128/82';

/**
 * One program for every ledger: opens the network, registers a patient, a doctor, a specialist and the configured
 * proxies, whose keys the network's key store makes; seals, asks, grants, opens, withdraws. The ledger must be new.
 *
 * @throws ConformanceError where something else happens than on any other ledger.
 */
export async function playConfiguration(config: NetworkConfig, options: PlayConfigurationOptions): Promise<void> {
  await using network = await openNetwork(config, options);
  const until = new Date((network.now() + 86_400) * 1000);
  for (const { subject } of network.config.proxies) await enrol(network, options, subject, 'proxy');
  const patient = await enrol(network, options, 'patient', 'patient');
  const doctor = await enrol(network, options, 'doctor', 'provider');
  const specialist = await enrol(network, options, 'specialist', 'provider');
  await issueTicket(patient, { author: doctor.id, ...cardiology, until });
  const content = new TextEncoder().encode(text);
  const record = await sealRecord(doctor, { patient: patient.id, ...cardiology, content, mediaType: 'text/plain' });
  const ask = { patient: patient.id, compartment: cardiology.compartment, purpose: 'TREAT', until };
  const request = await requestAccess(specialist, ask);
  const grant = await grantAccess(patient, { request: request.id });
  const opened = await openRecord(specialist, { record: record.id });
  expectEqual(new TextDecoder().decode(await opened.bytes()), text, 'The specialist reads what the doctor sealed');
  await revokeAccess(patient, { grant: grant.id });
  const again = openRecord(specialist, { record: record.id, grant: grant.id });
  await expectRejection(again, { code: 'GRANT_REVOKED' }, 'Nothing is released after a withdrawal');
  await network.view.sync();
  const last = network.view.entries.at(-1);
  expectTrue(last?.violation === 'GRANT_REVOKED', 'The attempt stands in the log as a violation', last?.violation);
}

async function enrol(
  network: ConfiguredNetwork,
  { officials }: PlayConfigurationOptions,
  subject: string,
  role: RegisterParameters['roles'][number],
): Promise<Actor> {
  const keys = role === 'proxy' ? await network.keys.unlock(subject) : await network.keys.generate(subject);
  const authority = network.authority(officials, new Uint8Array(32).fill(1));
  await register(authority, { keys, roles: [role], clearance: 'private', person: subject });
  return network.actor(keys);
}
