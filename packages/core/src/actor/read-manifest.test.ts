import { memorySigner } from '@medseal/protocol';
import { generateSecretKey, generateSigner, publicKeyOf, verifyingKeyOf } from '@medseal/umbral';
import { expect, it } from 'vitest';
import { domain, flipped, otherDomain } from '../../test/sealed-record.ts';
import { issueManifest } from '../seal/manifest.ts';
import type { NetworkParts } from './actor.ts';
import { readManifest } from './read-manifest.ts';

const networkOf = (of: typeof domain): NetworkParts =>
  ({ ledger: { genesis: { domain: of } } }) as unknown as NetworkParts;

async function issue(epoch: number): Promise<Uint8Array> {
  const signer = memorySigner(new Uint8Array(32).fill(7));
  const proxies = [1, 2, 3].map((n) => ({
    address: `0x${`0${n}`.repeat(20)}` as const,
    kfragDigest: `0x${'11'.repeat(32)}` as const,
  }));
  return issueManifest(
    {
      domain,
      patient: signer.address,
      grant: `0x${'22'.repeat(32)}`,
      grantee: `0x${'33'.repeat(20)}`,
      compartment: `0x${'44'.repeat(32)}`,
      level: 'low',
      epoch,
      delegatingPublicKey: publicKeyOf(generateSecretKey()),
      receivingPublicKey: publicKeyOf(generateSecretKey()),
      verifyingKey: verifyingKeyOf(generateSigner()),
      threshold: 2,
      proxies,
    },
    signer,
  );
}

it('is verified once for a network', async () => {
  const bytes = await issue(1);
  const network = networkOf(domain);
  const manifest = readManifest(network, bytes);
  expect(manifest).toMatchObject({ epoch: 1, level: 'low' });
  expect(readManifest(network, Uint8Array.from(bytes))).toBe(manifest);
  expect(readManifest(networkOf(domain), bytes)).not.toBe(manifest);
});

it('is passed over where a byte is another, before and after the right one was seen', async () => {
  const bytes = await issue(2);
  const network = networkOf(domain);
  for (let turn = 0; turn < 2; turn++) {
    for (const at of [0, 40, 60, bytes.length - 10]) expect(readManifest(network, flipped(bytes, at))).toBeUndefined();
    expect(readManifest(network, bytes)).toBeDefined();
  }
  expect(readManifest(networkOf(otherDomain), bytes)).toBeUndefined();
});
