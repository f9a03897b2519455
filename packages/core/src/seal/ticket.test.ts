import { concat, signDigest, toHex } from '@medseal/protocol';
import { generateSecretKey, publicKeyOf } from '@medseal/umbral';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  dataKeyOf,
  domain,
  flipped,
  now,
  openWard,
  otherDomain,
  rejection,
  seal,
  type Ward,
} from '../../test/sealed-record.ts';
import { tagWord } from '../lib/tag-word.ts';
import { encodeHeader, parseHeader } from './header.ts';
import { issueManifest, kfragDigest, type Manifest, verifyManifest } from './manifest.ts';
import { issueTicket, requireTicketFor, verifyTicket } from './ticket.ts';
import { verifyDeposit } from './verify-deposit.ts';

let ward: Ward;
beforeAll(async () => {
  ward = await openWard();
});

function codeOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
  return 'no error';
}

describe('deposit ticket', () => {
  it('comes back as it was issued, in one encoding', async () => {
    const { ticket, ticketBytes, patient } = ward;
    expect(verifyTicket(ticketBytes, { domain })).toEqual({ ...ticket, authorKeeps: false });
    const keeping = await issueTicket({ ...ticket, authorKeeps: true }, patient.signer);
    expect(verifyTicket(keeping, { domain })).toEqual({ ...ticket, authorKeeps: true });
    expect(keeping).toHaveLength(ticketBytes.length);
    expect(await issueTicket(verifyTicket(ticketBytes, { domain }), patient.signer)).toEqual(ticketBytes);
  });

  it('fails for every flipped byte, at every shorter length and with a byte added', () => {
    const { ticketBytes } = ward;
    for (let index = 0; index < ticketBytes.length; index++) {
      const code = codeOf(() => verifyTicket(flipped(ticketBytes, index), { domain }));
      expect(code, `byte ${index}`).toMatch(/^(MALFORMED|UNVERIFIED)_OBJECT$/);
    }
    for (let length = 0; length < ticketBytes.length; length++)
      expect(codeOf(() => verifyTicket(ticketBytes.slice(0, length), { domain }))).toBe('MALFORMED_OBJECT');
    expect(codeOf(() => verifyTicket(Uint8Array.from([...ticketBytes, 0]), { domain }))).toBe('MALFORMED_OBJECT');
  });

  it('belongs to one ledger', () => {
    expect(codeOf(() => verifyTicket(ward.ticketBytes, { domain: otherDomain }))).toBe('UNVERIFIED_OBJECT');
  });

  it('is not issued, and not taken, from anybody but the patient', async () => {
    const { ticket, author, patient } = ward;
    await expect(issueTicket(ticket, author.signer)).rejects.toThrow(RangeError);
    const forged = await issueTicket(ticket, { ...author.signer, address: patient.address });
    expect(codeOf(() => verifyTicket(forged, { domain }))).toBe('UNVERIFIED_OBJECT');
  });

  it('has a signature that is none over its body alone, nor the high-s twin', () => {
    const { ticketBytes, patient } = ward;
    const body = ticketBytes.slice(0, -65);
    const untagged = Uint8Array.from([...body, ...signDigest(keccak_256(body), patient.signingSecret)]);
    expect(codeOf(() => verifyTicket(untagged, { domain }))).toBe('UNVERIFIED_OBJECT');
    const order = secp256k1.Point.Fn.ORDER;
    const s = BigInt(toHex(ticketBytes.slice(-33, -1)));
    const twin = Uint8Array.from(ticketBytes);
    twin.set(secp256k1.Point.Fn.toBytes(order - s), twin.length - 33);
    twin[twin.length - 1] = 55 - (twin.at(-1) ?? 0);
    expect(codeOf(() => verifyTicket(twin, { domain }))).toBe('UNVERIFIED_OBJECT');
  });

  it('covers exactly its record, until its end', () => {
    const { ticket, patient, author, label } = ward;
    const record = { owner: patient.address, author: author.address, ...label };
    expect(codeOf(() => requireTicketFor(ticket, record, ticket.until - 1))).toBe('no error');
    expect(codeOf(() => requireTicketFor(ticket, record, ticket.until))).toBe('NO_TICKET');
    const changes = [
      { owner: author.address },
      { author: patient.address },
      { compartment: domain },
      { level: 'low' as const },
      { epoch: 2 },
    ];
    for (const change of changes)
      expect(codeOf(() => requireTicketFor(ticket, { ...record, ...change }, now))).toBe('NO_TICKET');
  });
});

describe('verifyDeposit', () => {
  it('refuses swapped tickets, other keys, late anchors and other ledgers', async () => {
    const header = parseHeader((await seal(ward)).header);
    const check = { domain, time: now };
    expect(verifyDeposit(header, check).delegatingPublicKey).toEqual(ward.delegatingPublicKey);
    const same = { ...check, delegatingPublicKey: ward.delegatingPublicKey };
    expect(codeOf(() => verifyDeposit(header, same))).toBe('no error');
    const other = { ...check, delegatingPublicKey: publicKeyOf(generateSecretKey()) };
    expect(codeOf(() => verifyDeposit(header, other))).toBe('NO_TICKET');
    expect(codeOf(() => verifyDeposit(header, { ...check, time: ward.ticket.until }))).toBe('NO_TICKET');
    expect(codeOf(() => verifyDeposit(header, { ...check, domain: otherDomain }))).toBe('UNVERIFIED_OBJECT');

    const stranger = await openWard();
    const theirs = { ...header, ticket: stranger.ticketBytes };
    expect(codeOf(() => verifyDeposit(theirs, check))).toBe('NO_TICKET');
    const damaged = { ...header, ticket: flipped(ward.ticketBytes, 100) };
    expect(codeOf(() => verifyDeposit(damaged, check))).toBe('NO_TICKET');
  });

  it('refuses a ticket of the same compartment for another key: the stanza is not for it', async () => {
    const header = parseHeader((await seal(ward)).header);
    const delegatingPublicKey = publicKeyOf(generateSecretKey());
    const ticket = await issueTicket({ ...ward.ticket, delegatingPublicKey }, ward.patient.signer);
    expect(codeOf(() => verifyDeposit({ ...header, ticket }, { domain, time: now }))).toBe('BAD_STANZA');
  });

  it('refuses a stanza copied from another record', async () => {
    const [a, b] = [parseHeader((await seal(ward)).header), parseHeader((await seal(ward)).header)];
    expect(codeOf(() => verifyDeposit({ ...a, stanzas: b.stanzas }, { domain, time: now }))).toBe('BAD_STANZA');
  });

  it('needs the patient’s key for her own records without a ticket, and takes it for no one else’s', async () => {
    const { header: bytes } = await seal(ward);
    const header = parseHeader(bytes);
    const dataKey = await dataKeyOf(ward, bytes);
    const check = { domain, time: now, delegatingPublicKey: ward.delegatingPublicKey };
    expect(codeOf(() => verifyDeposit({ ...header, ticket: undefined }, check))).toBe('NO_TICKET');
    const own = parseHeader(encodeHeader({ ...header, author: header.owner, ticket: undefined }, dataKey));
    expect(codeOf(() => verifyDeposit(own, { domain, time: now }))).toBe('NO_TICKET');
    // The stanza was made for the author's record, and this is another one.
    expect(codeOf(() => verifyDeposit(own, check))).toBe('BAD_STANZA');
  });
});

describe('grant manifest', () => {
  const manifestOf = (): Manifest => ({
    domain,
    patient: ward.patient.address,
    grant: `0x${'aa'.repeat(32)}`,
    grantee: ward.author.address,
    ...ward.label,
    delegatingPublicKey: ward.delegatingPublicKey,
    receivingPublicKey: publicKeyOf(ward.author.receivingSecret),
    verifyingKey: { type: 'verifyingKey', point: ward.delegatingPublicKey.point },
    threshold: 2,
    proxies: [3, 1, 2].map((n) => ({
      address: `0x${`0${n}`.repeat(20)}`,
      kfragDigest: kfragDigest(Uint8Array.of(n)),
    })),
  });

  it('comes back with its proxies in order', async () => {
    const manifest = manifestOf();
    const bytes = await issueManifest(manifest, ward.patient.signer);
    const proxies = manifest.proxies.toSorted((a, b) => (a.address < b.address ? -1 : 1));
    expect(verifyManifest(bytes, { domain })).toEqual({ ...manifest, proxies });
    expect(proxies.map(({ address }) => address.slice(2, 4))).toEqual(['01', '02', '03']);
  });

  it('fails for flipped bytes, every third', async () => {
    const bytes = await issueManifest(manifestOf(), ward.patient.signer);
    for (let index = 0; index < bytes.length; index += 3) {
      const code = codeOf(() => verifyManifest(flipped(bytes, index), { domain }));
      expect(code, `byte ${index}`).toMatch(/^(MALFORMED|UNVERIFIED)_OBJECT$/);
    }
  });

  it.each([0, 1, 4])('is not issued with a threshold of %i of 3', async (threshold) => {
    await expect(issueManifest({ ...manifestOf(), threshold }, ward.patient.signer)).rejects.toThrow(RangeError);
  });

  it('names a proxy once, and some proxy', async () => {
    const { proxies } = manifestOf();
    const twice = [...proxies, ...proxies.slice(0, 1)];
    const issue = (change: Partial<Manifest>): Promise<unknown> =>
      rejection(issueManifest({ ...manifestOf(), ...change }, ward.patient.signer));
    expect(await issue({ proxies: twice, threshold: 3 })).toBeInstanceOf(RangeError);
    expect(await issue({ proxies: [], threshold: 0 })).toBeInstanceOf(RangeError);
  });

  it('is refused with proxies out of order or repeated, or a threshold not above half, though signed', async () => {
    const bytes = await issueManifest(manifestOf(), ward.patient.signer);
    const body = bytes.slice(0, -65);
    const proxyBytes = 20 + 32;
    const first = body.length - 3 * proxyBytes;
    const signed = (changed: Uint8Array): Uint8Array => {
      const digest = keccak_256(concat(tagWord('medseal grant manifest'), changed));
      return concat(changed, signDigest(digest, ward.patient.signingSecret));
    };
    const fieldOf = (changed: Uint8Array): unknown => {
      try {
        return verifyManifest(signed(changed), { domain });
      } catch (error) {
        return (error as { field?: unknown }).field;
      }
    };
    expect(verifyManifest(signed(body), { domain }).threshold).toBe(2);
    const [a, b] = [body.slice(first, first + proxyBytes), body.slice(first + proxyBytes, first + 2 * proxyBytes)];
    const rest = body.slice(first + 2 * proxyBytes);
    expect(fieldOf(concat(body.slice(0, first), b, a, rest))).toBe('proxies');
    expect(fieldOf(concat(body.slice(0, first), a, a, rest))).toBe('proxies');
    for (const threshold of [0, 1, 4]) {
      const changed = Uint8Array.from(body);
      changed[first - 2] = threshold;
      expect(fieldOf(changed)).toBe('threshold');
    }
  });

  it('is never a ticket, nor a ticket a manifest', async () => {
    const bytes = await issueManifest(manifestOf(), ward.patient.signer);
    expect(codeOf(() => verifyTicket(bytes, { domain }))).toBe('MALFORMED_OBJECT');
    expect(codeOf(() => verifyManifest(ward.ticketBytes, { domain }))).toBe('MALFORMED_OBJECT');
  });
});
