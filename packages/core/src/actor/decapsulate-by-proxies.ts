import type { Address, CommandId } from '@medseal/protocol';
import {
  type Capsule,
  cfragFromBytes,
  decapsulateReencrypted,
  UmbralError,
  type VerifiedCFrag,
  verifyCFrag,
} from '@medseal/umbral';
import { NotEnoughProxiesError, type ProxyFault } from '../errors/proxy-errors.ts';
import { RejectedError } from '../errors/rejected-error.ts';
import { AbsentError } from '../errors/store-errors.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Proxy } from '../ports/proxy.ts';
import type { Header } from '../seal/header.ts';
import { type Manifest, verifyManifest } from '../seal/manifest.ts';
import { verifyDeposit } from '../seal/verify-deposit.ts';
import type { RecordView } from '../view/facts.ts';
import type { Actor } from './actor.ts';

export interface Reencryption {
  /** The use that stands final on the ledger. */
  readonly use: CommandId;
  readonly grant: CommandId;
  readonly record: RecordView;
  readonly header: Header;
  /** The header's own bytes, for the proxies. */
  readonly bytes: Uint8Array;
}

/**
 * Has the proxies re-encrypt a header's capsule and opens it with the actor's receiving key. Every fragment is
 * verified against the patient's signed manifest, so a proxy that cheats is named.
 *
 * @throws NotEnoughProxiesError when fewer than the threshold gave a good fragment.
 */
export async function decapsulateByProxies(
  actor: Actor,
  { use, grant, record, header, bytes }: Reencryption,
  options: CallOptions = {},
): Promise<Uint8Array> {
  const { network, keys } = actor;
  const manifest = await findManifest(actor, grant, record, options);
  const { delegatingPublicKey, threshold } = manifest;
  const { domain } = network.ledger.genesis;
  const { capsule } = verifyDeposit(header, { domain, time: record.time, delegatingPublicKey });
  const named = new Set(manifest.proxies.map(({ address }) => address));
  const asked = network.proxies.filter(({ id }) => named.has(id));
  const answers = await Promise.all(
    asked.map((proxy) => ask(proxy, { use, header: bytes }, { capsule, manifest }, options)),
  );
  const { good, faults } = sortAnswers(answers);
  if (good.length < threshold) throw new NotEnoughProxiesError(threshold, good.length, faults);
  return decapsulateReencrypted(keys.receivingSecret, delegatingPublicKey, capsule, good);
}

type Answer = { readonly proxy: Address; readonly cfrag: VerifiedCFrag } | ProxyFault;

/** Fragments of different deliveries of a grant do not add up: only those of the best represented one are good. */
function sortAnswers(answers: readonly Answer[]): { good: readonly VerifiedCFrag[]; faults: readonly ProxyFault[] } {
  const given = answers.filter((answer) => 'cfrag' in answer);
  const groups = given.map(({ cfrag }) => given.filter((other) => other.cfrag.precursor.equals(cfrag.precursor)));
  const best = groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
  const outdated = given
    .filter((answer) => !best.includes(answer))
    .map(({ proxy }): ProxyFault => ({ proxy, kind: 'outdated', cause: undefined }));
  return {
    good: best.map(({ cfrag }) => cfrag),
    faults: [...answers.filter((answer) => 'kind' in answer), ...outdated],
  };
}

async function ask(
  proxy: Proxy,
  request: { readonly use: CommandId; readonly header: Uint8Array },
  { capsule, manifest }: { readonly capsule: Capsule; readonly manifest: Manifest },
  options: CallOptions,
): Promise<Answer> {
  try {
    const cfrag = cfragFromBytes(await proxy.reencrypt(request, options));
    const { verifyingKey, delegatingPublicKey: delegatingKey, receivingPublicKey: receivingKey } = manifest;
    return { proxy: proxy.id, cfrag: verifyCFrag(cfrag, capsule, { verifyingKey, delegatingKey, receivingKey }) };
  } catch (cause) {
    const kind = cause instanceof RejectedError ? 'refused' : cause instanceof UmbralError ? 'cheated' : 'unavailable';
    return { proxy: proxy.id, kind, cause };
  }
}

/** The latest manifest that the patient signed for this grant and the record's level and epoch. */
async function findManifest(
  { network, id }: Actor,
  grant: CommandId,
  record: RecordView,
  options: CallOptions,
): Promise<Manifest> {
  const { domain } = network.ledger.genesis;
  const manifests = (await network.directory.get('manifest', grant, options))
    .map((bytes) => readManifest(bytes, domain))
    .filter((manifest) => manifest !== undefined)
    .filter(
      (manifest) =>
        manifest.patient === record.owner &&
        manifest.grant === grant &&
        manifest.grantee === id &&
        manifest.compartment === record.compartment &&
        manifest.level === record.level &&
        manifest.epoch === record.epoch,
    );
  const found = manifests.at(-1);
  if (found === undefined) throw new AbsentError('The directory has no manifest of this grant for this record');
  return found;
}

/** Anybody can put a manifest into a directory: one that the patient did not sign is passed over. */
function readManifest(bytes: Uint8Array, domain: CommandId): Manifest | undefined {
  try {
    return verifyManifest(bytes, { domain });
  } catch {
    return undefined;
  }
}
