import type { Address, Hex } from '@medseal/protocol';
import { generateKFrags, kfragToBytes, publicKeyOf, type PublicKey, verifyingKeyOf } from '@medseal/umbral';
import { NotEnoughProxiesError, type ProxyFault } from '../errors/proxy-errors.ts';
import { type CompartmentLabel, delegatingKey } from '../keys/compartment.ts';
import type { KeyDocument } from '../keys/key-document.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Proxy } from '../ports/proxy.ts';
import { fragmentContext, recordListContext } from '../recipients/box-contexts.ts';
import { sealTo } from '../recipients/participant-box.ts';
import { issueManifest, kfragDigest } from '../seal/manifest.ts';
import type { Actor } from './actor.ts';
import { askProxies } from './ask-proxies.ts';
import { findKeyDocument } from './find-key-document.ts';
import { sendRecordList } from './send-record-list.ts';

export interface Delivery {
  /** Signed acknowledgements, one for each proxy that holds its fragments. */
  readonly acknowledgements: readonly Uint8Array[];
  /** Proxies that hold none, and why. */
  readonly faults: readonly ProxyFault[];
}

export interface DeliveryParameters {
  readonly grant: Hex;
  readonly grantee: Address;
  /** The keys to delegate: one compartment's, for each level that the grant reaches. */
  readonly labels: readonly CompartmentLabel[];
  /** For a grant of listed records: its list, which goes to the proxies and to the grantee. */
  readonly list?: Uint8Array | undefined;
}

interface Parcel {
  readonly manifest: Uint8Array;
  readonly fragments: ReadonlyMap<Address, Uint8Array>;
}

/**
 * Makes fresh key fragments for a grant and hands each proxy its own. The signed manifest goes to the directory, for
 * the grantee.
 *
 * @throws NotEnoughProxiesError when fewer proxies than the threshold hold their fragments.
 */
export async function deliverFragments(
  patient: Actor,
  parameters: DeliveryParameters,
  options: CallOptions = {},
): Promise<Delivery> {
  const { network } = patient;
  const { receivingPublicKey } = await findKeyDocument(network, parameters.grantee, options);
  const parcels: Parcel[] = [];
  for (const label of parameters.labels) parcels.push(await makeParcel(patient, parameters, label, receivingPublicKey));
  const { answers: acknowledgements, faults } = await askProxies(network.proxies, (proxy) =>
    deliver(patient, proxy, { parcels, list: parameters.list }, options),
  );
  if (acknowledgements.length < network.threshold)
    throw new NotEnoughProxiesError(network.threshold, acknowledgements.length, faults);
  for (const { manifest } of parcels) await network.directory.put('manifest', parameters.grant, manifest, options);
  if (parameters.list !== undefined) await sendRecordList(patient, parameters.grantee, parameters.list, options);
  return { acknowledgements, faults };
}

async function makeParcel(
  { id: patient, keys, network }: Actor,
  { grant, grantee }: DeliveryParameters,
  label: CompartmentLabel,
  receivingPublicKey: PublicKey,
): Promise<Parcel> {
  const { proxies, threshold, ledger } = network;
  const delegatingSecret = delegatingKey(keys, label);
  const kfrags = generateKFrags({
    delegatingSecret,
    receivingKey: receivingPublicKey,
    signer: keys.fragmentSigner,
    threshold,
    shares: proxies.length,
  }).map(kfragToBytes);
  const fragments = new Map(proxies.map((proxy, index) => [proxy.id, kfrags[index] ?? new Uint8Array()]));
  const manifest = await issueManifest(
    {
      domain: ledger.genesis.domain,
      patient,
      grant,
      grantee,
      ...label,
      delegatingPublicKey: publicKeyOf(delegatingSecret),
      receivingPublicKey,
      verifyingKey: verifyingKeyOf(keys.fragmentSigner),
      threshold,
      proxies: [...fragments].map(([address, kfrag]) => ({
        address,
        kfragDigest: kfragDigest(kfrag),
      })),
    },
    keys.signer,
  );
  return { manifest, fragments };
}

async function deliver(
  { network }: Actor,
  proxy: Proxy,
  { parcels, list }: { readonly parcels: readonly Parcel[]; readonly list: Uint8Array | undefined },
  options: CallOptions,
): Promise<Uint8Array> {
  const { receivingPublicKey }: KeyDocument = await findKeyDocument(network, proxy.id, options);
  const context = recordListContext(network.ledger.genesis.domain, proxy.id);
  const records = list && (await sealTo(receivingPublicKey, list, context));
  let acknowledgement = new Uint8Array();
  for (const { manifest, fragments } of parcels) {
    const fragment = fragments.get(proxy.id) ?? new Uint8Array();
    const box = await sealTo(receivingPublicKey, fragment, fragmentContext(manifest));
    acknowledgement = Uint8Array.from(await proxy.accept({ manifest, box, records }, options));
  }
  return acknowledgement;
}
