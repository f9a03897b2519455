import { publicKeyOf } from '@medseal/umbral';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  dataKeyOf,
  domain,
  flipped,
  now,
  openWard,
  rejection,
  sealing,
  utf8,
  type Ward,
} from '../../test/sealed-record.ts';
import { DecryptionError } from '../errors/decryption-error.ts';
import { generateKeys } from '../keys/participant-keys.ts';
import { encodeHeader, type Header, parseHeader } from '../seal/header.ts';
import { NO_COMPARTMENT, NO_EPOCH } from '../seal/inbox.ts';
import { openContent } from '../seal/open-content.ts';
import { sealContent, type SealParameters } from '../seal/seal-content.ts';
import { issueTicket } from '../seal/ticket.ts';
import { verifyDeposit } from '../seal/verify-deposit.ts';
import { AUTHOR_STANZA, authorIdentity } from './author-stanza.ts';
import { INBOX_STANZA, inboxRecipient, inboxIdentity } from './inbox-stanza.ts';
import { type Stanza, stanzaOf } from './stanza.ts';

let ward: Ward;
beforeAll(async () => {
  ward = await openWard();
});

function stanzaIn(header: Header, type: number): Stanza {
  const stanza = stanzaOf(header.stanzas, type);
  if (stanza === undefined) throw new Error('There is no such stanza');
  return stanza;
}

async function keeping(authorKeeps: boolean): Promise<SealParameters> {
  const ticket = await issueTicket({ ...ward.ticket, authorKeeps }, ward.patient.signer);
  const authorReceivingKey = publicKeyOf(ward.author.receivingSecret);
  return { ...sealing(ward), deposit: { ticket, time: now, authorReceivingKey } };
}

function inInbox(): SealParameters {
  const inbox = publicKeyOf(ward.patient.receivingSecret);
  return { ...sealing(ward), compartment: NO_COMPARTMENT, epoch: NO_EPOCH, deposit: { inbox } };
}

describe('the author’s stanza', () => {
  it('is there where the ticket lets the author keep one, and opens for him and for the patient', async () => {
    const { header: bytes } = await sealContent(await keeping(true));
    const header = parseHeader(bytes);
    const stanza = stanzaIn(header, AUTHOR_STANZA);
    const dataKey = await authorIdentity(ward.author.receivingSecret).unwrap(stanza, header);
    expect(dataKey).toEqual(await dataKeyOf(ward, bytes));
    const opened = await openContent({ header: bytes, dataKey, store: ward.store, domain });
    expect(await opened.bytes()).toEqual(utf8('blood pressure 120/80'));
  });

  it('is not there without that, nor without the author’s key', async () => {
    const { deposit, ...rest } = await keeping(true);
    if (!('ticket' in deposit)) throw new Error('Sealed under a ticket');
    const keyless = { ...rest, deposit: { ticket: deposit.ticket, time: now } };
    for (const parameters of [await keeping(false), keyless])
      expect(stanzaOf(parseHeader((await sealContent(parameters)).header).stanzas, AUTHOR_STANZA)).toBeUndefined();
  });

  it('is refused by holders where the ticket does not allow it', async () => {
    const allowed = parseHeader((await sealContent(await keeping(true))).header);
    expect(verifyDeposit(allowed, { domain, time: now }).capsule).toBeDefined();
    const smuggled = { ...allowed, ticket: ward.ticketBytes };
    expect(() => verifyDeposit(smuggled, { domain, time: now })).toThrow(
      expect.objectContaining({ code: 'BAD_STANZA' }),
    );
  });
});

describe('the inbox stanza', () => {
  it('needs no ticket, opens for the patient, and is nothing that a holder acts on', async () => {
    const sealed = await sealContent(inInbox());
    const header = parseHeader(sealed.header);
    expect(header.ticket).toBeUndefined();
    const dataKey = await inboxIdentity(ward.patient.receivingSecret).unwrap(stanzaIn(header, INBOX_STANZA), header);
    const opened = await openContent({ header: sealed.header, dataKey, store: ward.store, domain });
    expect(await opened.bytes()).toEqual(utf8('blood pressure 120/80'));
    const { delegatingPublicKey } = ward;
    for (const check of [
      { domain, time: now },
      { domain, time: now, delegatingPublicKey },
    ])
      expect(() => verifyDeposit(header, check)).toThrow(expect.objectContaining({ code: 'NO_TICKET' }));
    const own = parseHeader(encodeHeader({ ...header, author: header.owner }, dataKey));
    expect(() => verifyDeposit(own, { domain, time: now, delegatingPublicKey })).toThrow(
      expect.objectContaining({ code: 'BAD_STANZA' }),
    );
  });

  it('is for records of no compartment', async () => {
    const { label } = ward;
    for (const wrong of [{ compartment: label.compartment }, { epoch: 1 }])
      expect(await rejection(sealContent({ ...inInbox(), ...wrong }))).toBeInstanceOf(RangeError);
    expect(ward.store.blobs.size).toBeGreaterThan(0);
  });
});

describe('both', () => {
  it('fail in one way: another receiver, context, type, length or bit', async () => {
    const header = parseHeader((await sealContent(await keeping(true))).header);
    const stanza = stanzaIn(header, AUTHOR_STANZA);
    const secret = ward.author.receivingSecret;
    const attempts = [
      authorIdentity(generateKeys().receivingSecret).unwrap(stanza, header),
      authorIdentity(secret).unwrap({ ...stanza, type: INBOX_STANZA }, header),
      authorIdentity(secret).unwrap({ ...stanza, bytes: stanza.bytes.slice(1) }, header),
      authorIdentity(secret).unwrap(stanza, { ...header, recordId: domain }),
      authorIdentity(secret).unwrap(stanza, { ...header, epoch: header.epoch + 1 }),
      inboxIdentity(secret).unwrap({ ...stanza, type: INBOX_STANZA }, header),
      authorIdentity(secret).unwrap(
        { ...(await inboxRecipient(publicKeyOf(secret)).wrap(new Uint8Array(32), header)), type: 2 },
        header,
      ),
      ...Array.from(stanza.bytes, (_, index) =>
        authorIdentity(secret).unwrap({ ...stanza, bytes: flipped(stanza.bytes, index) }, header),
      ),
    ];
    for (const error of await Promise.all(attempts.map(rejection))) {
      expect(error).toBeInstanceOf(DecryptionError);
      expect((error as Error).cause).toBeUndefined();
    }
  });
});
