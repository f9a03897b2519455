import { inspect } from 'node:util';
import { toHex } from '@medseal/protocol';
import { decapsulateOriginal, generateSecretKey, publicKeyOf, secretKeyToBytes, signerToBytes } from '@medseal/umbral';
import { expect, it } from 'vitest';
import { dataKeyOf, domain, flipped, now, openWard, seal, sealing, utf8 } from '../../test/sealed-record.ts';
import { delegatingKey } from '../keys/compartment.ts';
import { exportKeys, importKeys } from '../keys/key-file.ts';
import { parseKeyDocument } from '../keys/key-document.ts';
import { collectBytes } from '../lib/byte-stream.ts';
import { passphraseIdentity, passphraseRecipient } from '../recipients/passphrase-stanza.ts';
import { generateX25519Secret, x25519Identity, x25519Recipient } from '../recipients/x25519-stanza.ts';
import { openBox, sealTo } from '../recipients/participant-box.ts';
import { unwrapWith } from '../recipients/umbral-stanza.ts';
import { encodeHeader, parseHeader } from './header.ts';
import { openContent } from './open-content.ts';
import { openFile } from './open-file.ts';
import { sealContent } from './seal-content.ts';
import { sealFile } from './seal-file.ts';
import { encodeTerms, parseTerms } from './terms.ts';
import { verifyTicket } from './ticket.ts';
import { verifyDeposit } from './verify-deposit.ts';

/** Every form in which a secret might slip into a message. */
function spellings(secret: Uint8Array): string[] {
  const hex = toHex(secret).slice(2);
  const base64 = Buffer.from(secret).toString('base64').slice(0, -1);
  return [hex, hex.toUpperCase(), BigInt(`0x${hex}`).toString(), base64, secret.join(',')];
}

/** All that anything can print of an error, without its blanks: message, stack, own fields and causes, however deep. */
function everythingOf(error: unknown): string {
  const printed = inspect(error, { depth: 10, showHidden: true, maxArrayLength: null, maxStringLength: null });
  return printed.replaceAll(/\s+/g, '');
}

it('no error holds key bytes, passphrase or plaintext', async () => {
  const ward = await openWard();
  const { patient, author, label, store } = ward;
  const words = 'HIV test positive';
  const passphrase = 'my dog is called Rex';
  const content = utf8(words);
  const sealed = await seal(ward, content);
  const dataKey = await dataKeyOf(ward, sealed.header);
  const parsed = parseHeader(sealed.header);
  const { capsule } = verifyDeposit(parsed, { domain, time: now });
  const kemKey = decapsulateOriginal(delegatingKey(patient, label), capsule);
  const keyFile = await exportKeys(patient, passphrase, { logN: 14 });
  const box = await sealTo(publicKeyOf(author.receivingSecret), content, utf8('x'));
  const terms = encodeTerms({ compartment: words, purpose: 'TREAT', reason: words, salt: dataKey });
  const payload = store.blobs.get(sealed.payloadDigest) ?? new Uint8Array();
  const file = { content, recipients: [passphraseRecipient(passphrase, { logN: 14 })], mediaType: 'text/plain' };
  const locked = await collectBytes(sealFile({ ...file, measuredAt: now }));
  const x25519Secret = generateX25519Secret();
  const broken = { ...store, get: () => streamOf(flipped(payload, 3)) };
  const opening = { header: sealed.header, dataKey, store, domain };

  const attempts: readonly (() => unknown)[] = [
    ...Array.from(sealed.header, (_, at) => () => openContent({ ...opening, header: flipped(sealed.header, at) })),
    () => openContent({ ...opening, dataKey: flipped(dataKey, 0) }),
    async () => (await openContent({ ...opening, store: broken })).bytes(),
    () => encodeHeader({ ...parsed, payloadSalt: dataKey.slice(1) }, dataKey),
    () => unwrapWith(flipped(kemKey, 1), parsed.stanzas[0], parsed),
    () => verifyDeposit({ ...parsed, epoch: 9 }, { domain, time: now }),
    () => verifyTicket(flipped(ward.ticketBytes, 30), { domain }),
    () => openBox(generateSecretKey(), box, utf8('x')),
    () => openBox(author.receivingSecret, box, utf8(words)),
    () => importKeys(keyFile, `${passphrase}!`),
    () => importKeys(flipped(keyFile, 60), passphrase),
    () => openFile({ file: locked, key: passphraseIdentity(`${passphrase}!`) }),
    () => openFile({ file: locked, key: x25519Identity(x25519Secret) }),
    async () =>
      (await openFile({ file: flipped(locked, locked.length - 1), key: passphraseIdentity(passphrase) })).bytes(),
    () => passphraseRecipient(`${passphrase}\ud800`),
    () => passphraseRecipient(passphrase, { logN: 40 }),
    () => x25519Recipient(x25519Secret.slice(1)),
    () => x25519Recipient(new Uint8Array(32)).wrap(dataKey, content),
    () => exportKeys({ ...patient, signingSecret: patient.signingSecret.slice(1) }, passphrase, { logN: 14 }),
    () => exportKeys(patient, passphrase, { logN: 2 }),
    () => parseKeyDocument(patient.signingSecret),
    () => parseTerms(flipped(terms, 2)),
    () => parseTerms(terms.slice(0, -1)),
    () => encodeTerms({ compartment: words, purpose: words, reason: words, salt: dataKey }),
    () => encodeTerms({ compartment: words.repeat(99), purpose: 'TREAT', reason: words, salt: dataKey }),
    () => sealContent({ ...sealing(ward, content), mediaType: words }),
    () => sealContent({ ...sealing(ward, content), epoch: 4 }),
    () => sealContent(sealing(ward, words as unknown as Uint8Array)),
  ];
  const printed: string[] = [];
  for (const attempt of attempts) {
    try {
      await attempt();
    } catch (error) {
      printed.push(everythingOf(error));
    }
  }
  expect(printed).toHaveLength(attempts.length);

  const secrets = [
    dataKey,
    kemKey,
    x25519Secret,
    patient.signingSecret,
    patient.delegatingRoot,
    secretKeyToBytes(patient.receivingSecret),
    secretKeyToBytes(author.receivingSecret),
    secretKeyToBytes(delegatingKey(patient, label)),
    signerToBytes(patient.fragmentSigner),
    content,
  ].flatMap(spellings);
  const all = printed.join('\n');
  const texts = [words, passphrase].map((text) => text.replaceAll(' ', ''));
  for (const secret of [...secrets, ...texts]) expect(all.includes(secret)).toBe(false);
  // The search finds what it looks for.
  const leak = everythingOf(new Error(words, { cause: new Error('inner', { cause: { dataKey } }) }));
  expect(leak).toContain(texts[0]);
  expect(leak).toContain(dataKey.join(','));
});

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
