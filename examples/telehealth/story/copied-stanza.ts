import { type Actor, type DataClass, findTicket, levelOf, type Receipt } from '@medseal/core';
import { encodeHeader, headerDigest, parseHeader, sealContent } from '@medseal/core/format';
import { type Address, type Hex, signCommand } from '@medseal/protocol';

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
): Promise<{ readonly id: Hex; readonly receipt: Receipt }> {
  const { network } = attacker;
  const { domain } = network.ledger.genesis;
  const time = network.now();
  const level = levelOf(dataClass);
  const { bytes, ticket } = await findTicket(attacker, { patient, compartment: name, level, time });
  const { compartment, epoch } = ticket;
  const sealed = await sealContent({
    domain,
    ...{ owner: patient, author: attacker.id, compartment, level, epoch, store: network.store },
    ...{ content: new Uint8Array(1), mediaType: 'text/plain', measuredAt: time },
    deposit: { ticket: bytes, time },
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
    ...{ owner: patient, actor: attacker.id, compartment, epoch, level },
    ...{ payloadDigest, headerDigest: headerDigest(header), content, salt, validUntil: time + 60 },
  } as const;
  const submission = await network.ledger.submit(await signCommand(anchor, domain, attacker.keys.signer));
  return { id: sealed.recordId, receipt: await submission.committed() };
}
