import { createRequire } from 'node:module';
import {
  type Authority,
  type CommandSigner,
  type Domain,
  memorySigner,
  noOrganisation,
  signCommand,
  toHex,
} from '@medseal/protocol';

interface Addon {
  ecdsaSign(digest: Uint8Array, secret: Uint8Array): { readonly signature: Uint8Array; readonly recid: number };
}

let loaded: Addon | undefined;

/** Loaded when somebody signs, so that a process which only verifies can do without. */
function addon(): Addon {
  return (loaded ??= createRequire(import.meta.url)('secp256k1/bindings.js') as Addon);
}

/** Signs 30 times as fast as `memorySigner`: a million commands are made to be measured, not to be secret. */
function quickSigner(secret: Uint8Array): CommandSigner {
  const { address } = memorySigner(secret);
  const sign = (digest: Uint8Array): Promise<Uint8Array> => {
    const { signature, recid } = addon().ecdsaSign(digest, secret);
    return Promise.resolve(Uint8Array.of(...signature, 27 + recid));
  };
  return { address, sign };
}

const official = quickSigner(new Uint8Array(32).fill(0x21));
const patient = quickSigner(new Uint8Array(32).fill(0x11));
const doctor = quickSigner(new Uint8Array(32).fill(0x12));

export const authority: Authority = { threshold: 1, keys: [official.address] };

function numbered(kind: number, n: number): `0x${string}` {
  const bytes = new Uint8Array(32).fill(kind);
  new DataView(bytes.buffer).setUint32(0, n);
  return toHex(bytes);
}

const HOUR = 3600;

/** The two people that all commands are about. */
export async function registrations(domain: Domain, time: number): Promise<readonly Uint8Array[]> {
  const register = (who: CommandSigner): Promise<Uint8Array> =>
    signCommand(
      {
        type: 'register',
        participant: who.address,
        keyDocument: numbered(1, 0),
        organisation: noOrganisation,
        roles: ['patient', 'provider'],
        clearance: 'private',
        person: toHex(new Uint8Array(32).fill(Number.parseInt(who.address.slice(2, 4), 16))),
        validUntil: time + HOUR,
      },
      domain,
      official,
      who,
    );
  return Promise.all([patient, doctor].map(register));
}

/**
 * Signed command number `n`: in turns a request, the grant that answers it, and two uses, as a hospital's day has them.
 * Only the grant writes state.
 */
export async function command(n: number, domain: Domain, time: number): Promise<Uint8Array> {
  const grant = numbered(2, Math.floor(n / 4));
  const validUntil = time + HOUR;
  const until = time + 30 * 24 * HOUR;
  const terms = { level: 'low', newData: true, until } as const;
  const parties = { patient: patient.address, validUntil } as const;
  const byDoctor = { ...parties, actor: doctor.address };
  switch (n % 4) {
    case 0:
      return signCommand({ type: 'requestAccess', ...byDoctor, ...terms, terms: numbered(3, n) }, domain, doctor);
    case 1: {
      const given = { request: grant, grantee: doctor.address, keyVersion: 1, scope: numbered(4, 0) };
      const consent = numbered(5, n);
      return signCommand(
        { type: 'grantAccess', ...parties, actor: patient.address, ...given, ...terms, consent },
        domain,
        patient,
      );
    }
    default: {
      const used = { grant, record: numbered(6, n), headerDigest: numbered(7, n), actingPerson: numbered(8, n) };
      return signCommand({ type: 'useAccess', ...byDoctor, ...used }, domain, doctor);
    }
  }
}
