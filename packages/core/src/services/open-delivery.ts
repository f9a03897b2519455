import { kfragFromBytes, verifyKFrag } from '@medseal/umbral';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { RejectedError } from '../errors/rejected-error.ts';
import type { ParticipantKeys } from '../ports/key-store.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { FragmentDelivery } from '../ports/proxy.ts';
import { fragmentContext, recordListContext } from '../recipients/box-contexts.ts';
import { openBox } from '../recipients/participant-box.ts';
import { kfragDigest, verifyManifest } from '../seal/manifest.ts';
import type { HeldFragment } from './fragment-store.ts';

/**
 * Opens a delivery with a proxy's keys and verifies the fragment against the patient's signed manifest. Whether the
 * grant behind it lives and covers it is not looked at here.
 *
 * @throws RejectedError OUT_OF_SCOPE for a manifest that names no fragment of this proxy, DecryptionError, and what
 *   parsing throws.
 */
export async function openDelivery(
  delivery: FragmentDelivery,
  { ledger, keys }: { readonly ledger: Pick<Ledger, 'genesis'>; readonly keys: ParticipantKeys },
): Promise<HeldFragment> {
  const { domain } = ledger.genesis;
  const { address, receivingSecret } = keys;
  const manifest = verifyManifest(delivery.manifest, { domain });
  const mine = manifest.proxies.find((proxy) => proxy.address === address);
  if (mine === undefined) throw new RejectedError('OUT_OF_SCOPE');
  const fragment = await openBox(receivingSecret, delivery.box, fragmentContext(delivery.manifest));
  if (kfragDigest(fragment) !== mine.kfragDigest)
    throw new MalformedObjectError('key fragment', 'digest', 'is not the one in the manifest');
  const kfrag = verifyKFrag(kfragFromBytes(fragment), {
    verifyingKey: manifest.verifyingKey,
    delegatingKey: manifest.delegatingPublicKey,
    receivingKey: manifest.receivingPublicKey,
  });
  const { records } = delivery;
  const list = records && (await openBox(receivingSecret, records, recordListContext(domain, address)));
  return { manifest, kfrag, list, delivery };
}
