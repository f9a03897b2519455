import type { Hex } from '@medseal/protocol';
import { publicKeyOf, publicKeyToBytes } from '@medseal/umbral';
import { beforeEach, expect, it } from 'vitest';
import { memoryProxyState } from '../../src/memory/memory-proxy-state.ts';
import { grantAccess } from '../../src/phases/sharing/grant-access.ts';
import type { FragmentDelivery } from '../../src/ports/proxy.ts';
import { recordListContext } from '../../src/recipients/box-contexts.ts';
import { sealTo } from '../../src/recipients/participant-box.ts';
import { parseHeader } from '../../src/seal/header.ts';
import { verifyManifest } from '../../src/seal/manifest.ts';
import { encodeRecordList } from '../../src/seal/record-list.ts';
import { verifyTicket } from '../../src/seal/ticket.ts';
import { ReEncryptionProxy } from '../../src/services/re-encryption-proxy.ts';
import { encodeState, parseState } from '../../src/services/saved-state.ts';
import { type Hospital, openHospital, proxyKeysOf } from '../hospital.ts';
import { askAll, headerOf, useWithoutChecks } from './attacker.ts';

let at: Hospital;
let inside: Hex;
let outside: Hex;
let grant: Hex;
const heard: FragmentDelivery[] = [];

/** Two records of one compartment, level and epoch: one key fragment fits both. The first alone is granted. */
beforeEach(async () => {
  at = await openHospital();
  inside = (await at.seal('granted')).id;
  outside = (await at.seal('not granted')).id;
  heard.splice(0);
  const [first] = at.proxies;
  if (first === undefined) throw new Error('no proxy');
  at.proxies[0] = {
    id: first.id,
    reencrypt: (request) => first.reencrypt(request),
    notice: (wire) => first.notice(wire),
    accept: (delivery) => {
      heard.push(delivery);
      return first.accept(delivery);
    },
  };
  const parameters = { grantee: at.colleague.id, until: at.after(60), records: [inside] };
  grant = (await grantAccess(at.patient, parameters)).id;
});

/** A use of the grant, by a client that asks for whatever it likes, and what each proxy answers. */
async function ask(record: Hex, header?: Uint8Array): Promise<string[]> {
  const sent = header ?? (await headerOf(at, record));
  const use = await useWithoutChecks(at.colleague, { patient: at.patient.id, grant, record, header: sent });
  return askAll(at, use, sent);
}

const refused = ['OUT_OF_SCOPE', 'OUT_OF_SCOPE', 'OUT_OF_SCOPE'];

it('is refused by every proxy, though the key fragment fits', async () => {
  // It is a fragment of the very key that the other record is sealed under.
  const { domain } = at.ledger.genesis;
  const { ticket = new Uint8Array() } = parseHeader(await headerOf(at, outside));
  const manifests = heard.map(({ manifest }) => verifyManifest(manifest, { domain }));
  expect(manifests.map(({ delegatingPublicKey }) => publicKeyToBytes(delegatingPublicKey))).toEqual([
    publicKeyToBytes(verifyTicket(ticket, { domain }).delegatingPublicKey),
  ]);
  expect(await ask(outside)).toEqual(refused);
  expect(await ask(inside)).toEqual(['ok', 'ok', 'ok']);
});

it('is logged all the same: the ledger knows no lists', async () => {
  await ask(outside);
  await at.network.view.sync();
  const { violation, holder, unchecked } = at.network.view.entries.at(-1) ?? {};
  expect({ violation, holder }).toEqual({ violation: undefined, holder: [] });
  expect(unchecked).toContain('OUT_OF_SCOPE');
});

it('does not pass with the header of a record on the list', async () => {
  const header = await headerOf(at, inside);
  expect(await ask(outside, header)).toEqual(['UNKNOWN_RECORD', 'UNKNOWN_RECORD', 'UNKNOWN_RECORD']);
});

it('does not come onto the list by a longer list, delivered by the grantee', async () => {
  const [delivery] = heard;
  const keys = proxyKeysOf(at)[0];
  if (delivery === undefined || keys === undefined) throw new Error('nothing was delivered');
  const longer = encodeRecordList({ salt: new Uint8Array(32), records: [inside, outside].toSorted() });
  const context = recordListContext(at.ledger.genesis.domain, keys.address);
  const records = await sealTo(publicKeyOf(keys.receivingSecret), longer, context);
  for (const forged of [
    { ...delivery, records },
    { manifest: delivery.manifest, box: delivery.box },
  ]) {
    const answer = at.proxies[0]?.accept(forged) ?? Promise.resolve();
    await expect(answer).rejects.toMatchObject({ code: 'OUT_OF_SCOPE' });
  }
  expect(await ask(outside)).toEqual(refused);
  expect(await ask(inside)).toEqual(['ok', 'ok', 'ok']);
});

it('does not come onto the list by a proxy’s saved state that was tampered with', async () => {
  const [delivery] = heard;
  const keys = proxyKeysOf(at)[0];
  if (delivery === undefined || keys === undefined) throw new Error('nothing was delivered');
  const longer = encodeRecordList({ salt: new Uint8Array(32), records: [inside, outside].toSorted() });
  const context = recordListContext(at.ledger.genesis.domain, keys.address);
  const records = await sealTo(publicKeyOf(keys.receivingSecret), longer, context);
  const state = memoryProxyState();
  const checkpoint = { length: 0, digest: new Uint8Array(32) };
  await state.save(encodeState({ checkpoint, deliveries: [{ ...delivery, records }], notices: [] }));
  expect(parseState((await state.load()) ?? new Uint8Array()).deliveries[0]?.records).toEqual(records);
  const { ledger, directory } = at;
  at.proxies[0] = new ReEncryptionProxy({ ledger, directory, keys, state, clock: () => at.time });
  expect((await ask(outside))[0]).toBe('OUT_OF_SCOPE');
  // With a list that is not the grant's it serves nothing at all.
  expect(await ask(inside)).toEqual(['OUT_OF_SCOPE', 'ok', 'ok']);
});
