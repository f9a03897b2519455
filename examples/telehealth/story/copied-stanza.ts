import {
  type Actor,
  type DataClass,
  findTicket,
  levelOf,
  NotEnoughProxiesError,
  type ProxyFault,
  type Receipt,
} from '@medseal/core';
import { encodeHeader, headerDigest, parseHeader, sealContent } from '@medseal/core/format';
import { type Address, type Hex, signCommand } from '@medseal/protocol';

const noPerson: Hex = `0x${'00'.repeat(32)}`;

export interface CopiedStanza {
  readonly patient: Address;
  readonly compartment: string;
  readonly dataClass: DataClass;
  /** The record whose key the attacker is after. */
  readonly victim: Hex;
}

/**
 * The attack that stanza proofs are there for: a well-formed record of the attacker's own, anchored by the rules, whose
 * stanza is copied from a record that he may not read. No ledger can see it.
 */
export async function sealWithCopiedStanza(
  attacker: Actor,
  { patient, compartment: name, dataClass, victim }: CopiedStanza,
): Promise<{ readonly id: Hex; readonly header: Uint8Array; readonly receipt: Receipt }> {
  const { network } = attacker;
  const { domain } = network.ledger.genesis;
  const time = network.now();
  const level = levelOf(dataClass);
  const { bytes, ticket } = await findTicket(attacker, { patient, compartment: name, level, time });
  const { compartment, epoch } = ticket;
  const sealed = await sealContent({
    domain,
    owner: patient,
    author: attacker.id,
    compartment,
    level,
    epoch,
    store: network.store,
    content: new Uint8Array(1),
    mediaType: 'text/plain',
    measuredAt: time,
    deposit: {
      ticket: bytes,
      time,
    },
  });
  const [stolen] = await network.directory.get('header', victim);
  if (stolen === undefined) throw new Error('The victim’s header is gone');
  const { stanzas } = parseHeader(stolen);
  // The proxies do not know the data key, so a made-up one serves for the header's MAC.
  const header = encodeHeader({ ...parseHeader(sealed.header), stanzas }, crypto.getRandomValues(new Uint8Array(32)));
  await network.directory.put('header', sealed.recordId, header);
  const { payloadDigest, contentCommitment: content, salt } = sealed;
  const anchor = {
    type: 'anchorRecord',
    owner: patient,
    actor: attacker.id,
    compartment,
    epoch,
    level,
    payloadDigest,
    headerDigest: headerDigest(header),
    content,
    salt,
    validUntil: time + 60,
  } as const;
  const submission = await network.ledger.submit(await signCommand(anchor, domain, attacker.keys.signer));
  return { id: sealed.recordId, header, receipt: await submission.committed() };
}

/**
 * A use by a client that leaves out every check of its own: what the ledger accepts, it takes to the proxies.
 *
 * @throws NotEnoughProxiesError when they refuse.
 */
export async function useWithoutChecks(
  { id, keys, network }: Actor,
  use: { readonly patient: Address; readonly grant: Hex; readonly record: Hex; readonly header: Uint8Array },
): Promise<readonly Uint8Array[]> {
  const { patient, grant, record, header } = use;
  const command = {
    type: 'useAccess',
    patient,
    grant,
    record,
    headerDigest: headerDigest(header),
    actingPerson: noPerson,
    actor: id,
    validUntil: network.now() + 60,
  } as const;
  const submission = await network.ledger.submit(
    await signCommand(command, network.ledger.genesis.domain, keys.signer),
  );
  await submission.final();
  const answers = await Promise.allSettled(
    network.proxies.map((proxy) => proxy.reencrypt({ use: submission.id, header })),
  );
  const fragments = answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
  const faults = answers.flatMap((answer, index): ProxyFault[] => {
    const proxy = network.proxies[index]?.id;
    return answer.status === 'rejected' && proxy !== undefined
      ? [{ proxy, kind: 'refused', cause: answer.reason }]
      : [];
  });
  if (fragments.length < network.threshold)
    throw new NotEnoughProxiesError(network.threshold, fragments.length, faults);
  return fragments;
}
