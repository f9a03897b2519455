import type { Address, CommandId } from '@medseal/protocol';
import { cfragFromBytes, type VerifiedCFrag } from '@medseal/umbral';
import { NotEnoughProxiesError, type ProxyFault } from '../errors/proxy-errors.ts';
import { AbsentError } from '../errors/store-errors.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Header } from '../seal/header.ts';
import type { Manifest } from '../seal/manifest.ts';
import { verifyDeposit } from '../seal/verify-deposit.ts';
import type { RecordView } from '../view/facts.ts';
import type { Actor } from './actor.ts';
import { askProxies } from './ask-proxies.ts';
import { readManifest } from './read-manifest.ts';
import { receiverOfManifest } from './receiver-of-manifest.ts';

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
 * @throws NotEnoughProxiesError when fewer than the threshold gave a good fragment; DecryptionError when the grant is to
 *   other keys than the actor's.
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
  const receiver = receiverOfManifest(keys.receivingSecret, manifest);
  const { capsule } = verifyDeposit(header, { domain, time: record.time, delegatingPublicKey });
  const named = new Set(manifest.proxies.map(({ address }) => address));
  const asked = network.proxies.filter(({ id }) => named.has(id));
  const { answers, faults } = await askProxies(asked, async (proxy): Promise<Answer> => {
    const cfrag = cfragFromBytes(await proxy.reencrypt({ use, header: bytes }, options));
    return { proxy: proxy.id, cfrag: receiver.verifyCFrag(cfrag, capsule) };
  });
  const { best, outdated } = sortAnswers(answers);
  if (best.length < threshold) throw new NotEnoughProxiesError(threshold, best.length, [...faults, ...outdated]);
  return receiver.decapsulate(
    capsule,
    best.map(({ cfrag }) => cfrag),
  );
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

/** The latest manifest that the patient signed for this grant and the record's level and epoch. */
async function findManifest(
  { network, id }: Actor,
  grant: CommandId,
  record: RecordView,
  options: CallOptions,
): Promise<Manifest> {
  const manifests = (await network.directory.get('manifest', grant, options))
    .map((bytes) => readManifest(network, bytes))
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
