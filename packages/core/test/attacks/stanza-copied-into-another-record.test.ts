import { signCommand } from '@medseal/protocol';
import { expect, it } from 'vitest';
import { findTicket } from '../../src/actor/find-ticket.ts';
import { issueTicket } from '../../src/phases/setup/issue-ticket.ts';
import { grantAccess } from '../../src/phases/sharing/grant-access.ts';
import { encodeHeader, headerDigest, parseHeader } from '../../src/seal/header.ts';
import { sealContent } from '../../src/seal/seal-content.ts';
import { openHospital } from '../hospital.ts';
import { askAll, headerOf, useWithoutChecks } from './attacker.ts';

const dermatology = { compartment: 'dermatology', dataClass: 'medical-record' } as const;

// The attacker may seal and read in dermatology. He wants a record of the general compartment, so he anchors a record
// of his own whose stanza is that record's. Every ledger accepts it; the proof in the stanza gives it away.
it.each(['dermatology', 'general'] as const)(
  'is refused by every proxy, in the compartment %s',
  async (compartment) => {
    const at = await openHospital();
    const { colleague: attacker, patient, network } = at;
    const victim = await at.seal();
    await issueTicket(patient, { author: attacker.id, ...dermatology, compartment, until: at.after(3600) });
    const { id: grant } = await grantAccess(patient, { grantee: attacker.id, compartment, until: at.after(3600) });

    const { domain } = network.ledger.genesis;
    const wanted = { patient: patient.id, compartment, level: 'private', time: at.time } as const;
    const { bytes, ticket } = await findTicket(attacker, wanted);
    const own = {
      owner: patient.id,
      author: attacker.id,
      compartment: ticket.compartment,
      level: ticket.level,
    } as const;
    const sealed = await sealContent({
      domain,
      ...own,
      epoch: ticket.epoch,
      content: new Uint8Array(1),
      mediaType: 'text/plain',
      measuredAt: at.time,
      store: at.store,
      deposit: { ticket: bytes, time: at.time },
    });
    const { stanzas } = parseHeader(await headerOf(at, victim.id));
    const header = encodeHeader({ ...parseHeader(sealed.header), stanzas }, new Uint8Array(32));
    const anchor = {
      type: 'anchorRecord',
      ...own,
      epoch: ticket.epoch,
      payloadDigest: sealed.payloadDigest,
      headerDigest: headerDigest(header),
      content: sealed.contentCommitment,
      salt: sealed.salt,
      actor: attacker.id,
      validUntil: at.time + 60,
    } as const;
    await at.ledger.submit(await signCommand(anchor, domain, attacker.keys.signer));
    const use = await useWithoutChecks(attacker, { patient: patient.id, grant, record: sealed.recordId, header });
    expect(await askAll(at, use, header)).toEqual(['BAD_STANZA', 'BAD_STANZA', 'BAD_STANZA']);
  },
);
