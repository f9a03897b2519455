import type { Address, CommandId } from '@medseal/protocol';
import {
  cfragFromBytes,
  type CFragKeys,
  decapsulateReencrypted,
  type VerifiedCFrag,
  verifyCFrag,
} from '@medseal/umbral';
import { NotEnoughProxiesError, type ProxyFault } from '../errors/proxy-errors.ts';
import { AbsentError } from '../errors/store-errors.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Header } from '../seal/header.ts';
import { type Manifest, verifyManifest } from '../seal/manifest.ts';
import { verifyDeposit } from '../seal/verify-deposit.ts';
import type { RecordView } from '../view/facts.ts';
import type { Actor } from './actor.ts';
import { askProxies } from './ask-proxies.ts';

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
  const { answers, faults } = await askProxies(asked, async (proxy): Promise<Answer> => {
    const cfrag = cfragFromBytes(await proxy.reencrypt({ use, header: bytes }, options));
    return { proxy: proxy.id, cfrag: verifyCFrag(cfrag, capsule, fragmentKeys(manifest)) };
  });
  const { best, outdated } = sortAnswers(answers);
  if (best.length < threshold) throw new NotEnoughProxiesError(threshold, best.length, [...faults, ...outdated]);
  const cfrags = best.map(({ cfrag }) => cfrag);
  return decapsulateReencrypted(keys.receivingSecret, delegatingPublicKey, capsule, cfrags);
}

interface Answer {
  readonly proxy: Address;
  readonly cfrag: VerifiedCFrag;
}

/** Fragments of different deliveries of a grant do not add up: only those of the best represented one count. */
function sortAnswers(answers: readonly Answer[]): { best: readonly Answer[]; outdated: readonly ProxyFault[] } {
  const groups = answers.map(({ cfrag }) => answers.filter((other) => other.cfrag.precursor.equals(cfrag.precursor)));
  const best = groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
  const outdated = answers
    .filter((answer) => !best.includes(answer))
    .map(({ proxy }): ProxyFault => ({ proxy, kind: 'outdated', cause: undefined }));
  return { best, outdated };
}

function fragmentKeys({ verifyingKey, delegatingPublicKey, receivingPublicKey }: Manifest): CFragKeys {
  return { verifyingKey, delegatingKey: delegatingPublicKey, receivingKey: receivingPublicKey };
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
