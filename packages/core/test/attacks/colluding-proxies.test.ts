import { decapsulateOriginal, kfragFromBytes, publicKeyOf, publicKeyToBytes } from '@medseal/umbral';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, it } from 'vitest';
import { compartmentTag, delegatingKey } from '../../src/keys/compartment.ts';
import { parseHeader } from '../../src/seal/header.ts';
import { verifyManifest } from '../../src/seal/manifest.ts';
import { unwrapWith } from '../../src/recipients/umbral-stanza.ts';
import { fragmentContext } from '../../src/recipients/box-contexts.ts';
import { openBox } from '../../src/recipients/participant-box.ts';
import { openContent } from '../../src/seal/open-content.ts';
import { verifyDeposit } from '../../src/seal/verify-deposit.ts';
import { revokeAccess } from '../../src/phases/revocation/revoke-access.ts';
import type { FragmentDelivery, Proxy } from '../../src/ports/proxy.ts';
import { openHospital, proxyKeysOf, readText } from '../hospital.ts';
import { headerOf } from './attacker.ts';

const { Fn, Point } = { Fn: secp256k1.Point.Fn, Point: secp256k1.Point };

/** Hs of the scheme, written here a second time: a tag with its length, SHA-256, reduced to 1 … n-1. */
function hashToScalar(tag: string, ...parts: Uint8Array[]): bigint {
  const name = new TextEncoder().encode(tag);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, name.length);
  const digest = sha256(Uint8Array.from([length, name, ...parts].flatMap((part) => [...part])));
  return (BigInt(`0x${Buffer.from(digest).toString('hex')}`) % (Fn.ORDER - 1n)) + 1n;
}

// SECURITY.md says it, and this shows it: a threshold of proxies together with a grantee compute the delegating key. It
// is the key of one compartment, level and epoch, and of nothing else.
it('together with a grantee recover one compartment, level and epoch, and nothing else', async () => {
  const at = await openHospital();
  const record = await at.seal('of the first epoch');
  const heard: [Proxy, FragmentDelivery][] = [];
  at.proxies.splice(
    0,
    3,
    ...at.proxies.map((proxy): Proxy => {
      const accept: Proxy['accept'] = (delivery) => {
        heard.push([proxy, delivery]);
        return proxy.accept(delivery);
      };
      return { id: proxy.id, reencrypt: (r) => proxy.reencrypt(r), notice: (w) => proxy.notice(w), accept };
    }),
  );
  const grant = await at.grant();
  const { domain } = at.ledger.genesis;
  const own = heard.filter(([, { manifest }]) => verifyManifest(manifest, { domain }).level === 'private').slice(0, 2);
  const kfrags = await Promise.all(
    own.map(async ([{ id }, { manifest, box }]) => {
      const secret = proxyKeysOf(at).find(({ address }) => address === id)?.receivingSecret;
      if (secret === undefined) throw new Error('no such proxy');
      return kfragFromBytes(await openBox(secret, box, fragmentContext(manifest)));
    }),
  );

  // The grantee's part: d, and where each fragment lies on the polynomial.
  const receiving = at.colleague.keys.receivingSecret;
  const [first] = kfrags;
  if (first === undefined) throw new Error('no fragment');
  const X = first.precursor.toBytes();
  const B = publicKeyToBytes(publicKeyOf(receiving));
  const dh = first.precursor.multiply(receiving.scalar).toBytes();
  const d = hashToScalar('SHARED_SECRET', X, B, dh);
  const x = kfrags.map(({ id }) => hashToScalar('POLYNOMIAL_ARG', X, B, dh, id));
  const [x0 = 0n, x1 = 0n] = x;
  const [k0, k1] = kfrags.map(({ key }) => key);
  if (k0 === undefined || k1 === undefined) throw new Error('two fragments are needed');
  const at0 = Fn.add(Fn.mul(k0, Fn.mul(x1, Fn.inv(Fn.sub(x1, x0)))), Fn.mul(k1, Fn.mul(x0, Fn.inv(Fn.sub(x0, x1)))));
  const stolen = { type: 'secretKey', scalar: Fn.mul(at0, d) } as const;
  const label = { compartment: compartmentTag(at.patient.keys, 'general'), level: 'private', epoch: 1 } as const;
  expect(stolen.scalar).toBe(delegatingKey(at.patient.keys, label).scalar);
  expect(Point.BASE.multiply(stolen.scalar).toBytes()).toEqual(
    publicKeyToBytes(publicKeyOf(delegatingKey(at.patient.keys, label))),
  );

  const open = async (id: `0x${string}`): Promise<string> => {
    const bytes = await headerOf(at, id);
    const header = parseHeader(bytes);
    const { capsule } = verifyDeposit(header, { domain, time: at.time });
    const dataKey = await unwrapWith(decapsulateOriginal(stolen, capsule), header.stanzas[0], header);
    return readText(await openContent({ header: bytes, dataKey, store: at.store, domain }));
  };
  expect(await open(record.id)).toBe('of the first epoch');
  await revokeAccess(at.patient, { grant });
  const fresh = await at.seal('of the second epoch');
  await expect(open(fresh.id)).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
});
