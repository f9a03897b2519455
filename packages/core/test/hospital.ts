import { type Authority, memorySigner } from '@medseal/protocol';
import type { Actor, AuthorityActor } from '../src/actor/actor.ts';
import { generateKeys } from '../src/keys/participant-keys.ts';
import { memoryDirectory, type MemoryDirectory } from '../src/memory/memory-directory.ts';
import { MemoryLedger } from '../src/memory/memory-ledger.ts';
import { memoryStore, type MemoryStore } from '../src/memory/memory-store.ts';
import { assembleNetwork, type Network } from '../src/network/assemble-network.ts';
import { grantAccess } from '../src/phases/sharing/grant-access.ts';
import { issueTicket } from '../src/phases/setup/issue-ticket.ts';
import { register } from '../src/phases/setup/register.ts';
import type { SealedRecord } from '../src/actor/deposit-record.ts';
import { sealRecord } from '../src/phases/storage/seal-record.ts';
import type { ParticipantKeys } from '../src/ports/key-store.ts';
import type { Proxy } from '../src/ports/proxy.ts';
import { ReEncryptionProxy } from '../src/services/re-encryption-proxy.ts';
import { start } from './small-world.ts';

const official = memorySigner(new Uint8Array(32).fill(9));
const authority: Authority = { threshold: 1, keys: [official.address] };

export const general = { compartment: 'general', dataClass: 'medical-record' } as const;
export const text = 'Blood pressure 128/82';

/** One hospital with a hand-set clock for everybody: a doctor, a colleague, a patient, three proxies. */
export interface Hospital {
  time: number;
  readonly ledger: MemoryLedger;
  readonly store: MemoryStore;
  readonly directory: MemoryDirectory;
  readonly network: Network;
  readonly authority: AuthorityActor;
  /** Behind the network's proxies: a test may replace what one of them does. */
  readonly proxies: Proxy[];
  readonly doctor: Actor;
  readonly colleague: Actor;
  readonly patient: Actor;
  /** `Date` that lies this many seconds ahead. */
  after(seconds: number): Date;
  seal(content?: string): Promise<SealedRecord>;
  /** Grants the colleague everything in the general compartment for an hour. */
  grant(options?: { readonly newData?: boolean; readonly until?: Date }): Promise<`0x${string}`>;
}

export async function openHospital(): Promise<Hospital> {
  const clock = (): number => hospital.time;
  const ledger = new MemoryLedger({ authority, clock });
  const store = memoryStore();
  const directory = memoryDirectory();
  const proxyKeys = [1, 2, 3].map(() => generateKeys());
  const proxies: Proxy[] = proxyKeys.map((keys) => new ReEncryptionProxy({ ledger, directory, keys, clock }));
  // `proxies` is read at each call, so that a test can put another one in place.
  const hospital = { time: start, ledger, store, directory, proxies } as {
    -readonly [K in keyof Hospital]: Hospital[K];
  };
  const network = await assembleNetwork({ ledger, store, directory, proxies, clock });
  const registrar = network.authority([official], new Uint8Array(32));
  const enrol = async (role: 'patient' | 'provider', person: string): Promise<Actor> => {
    const keys = generateKeys();
    await register(registrar, { keys, roles: [role], clearance: 'private', person });
    return network.actor(keys);
  };
  for (const [index, keys] of proxyKeys.entries())
    await register(registrar, { keys, roles: ['proxy'], clearance: 'low', person: `proxy ${index}` });
  const doctor = await enrol('provider', 'doctor');
  const colleague = await enrol('provider', 'colleague');
  const patient = await enrol('patient', 'patient');
  const after = (seconds: number): Date => new Date((hospital.time + seconds) * 1000);
  await issueTicket(patient, { author: doctor.id, ...general, until: after(86_400 * 30) });
  keysOfProxies.set(hospital, proxyKeys);
  return Object.assign(hospital, {
    network,
    authority: registrar,
    doctor,
    colleague,
    patient,
    after,
    seal: (content: string = text) =>
      sealRecord(doctor, {
        patient: patient.id,
        ...general,
        content: new TextEncoder().encode(content),
        mediaType: 'text/plain',
      }),
    grant: async ({
      newData = true,
      until = after(3600),
    }: {
      newData?: boolean;
      until?: Date;
    } = {}) => {
      const { compartment } = general;
      return (
        await grantAccess(patient, {
          grantee: colleague.id,
          compartment,
          newData,
          until,
        })
      ).id;
    },
  });
}

/** Keys of the hospital's three proxies, for those who collude with them. */
export function proxyKeysOf(hospital: Hospital): readonly ParticipantKeys[] {
  return keysOfProxies.get(hospital) ?? [];
}

const keysOfProxies = new WeakMap<Hospital, readonly ParticipantKeys[]>();

export async function readText(opened: { bytes(): Promise<Uint8Array> }): Promise<string> {
  return new TextDecoder().decode(await opened.bytes());
}

/** The error that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('should have failed');
}
