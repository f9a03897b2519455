import { type CommandId, type Hex, reaches, toHex } from '@medseal/protocol';
import { decapsulateOriginal } from '@medseal/umbral';
import type { Actor } from '../../actor/actor.ts';
import { decapsulateByProxies } from '../../actor/decapsulate-by-proxies.ts';
import { submitAs, type SubmitOptions } from '../../actor/submit-command.ts';
import { RejectedError } from '../../errors/rejected-error.ts';
import { AbsentError } from '../../errors/store-errors.ts';
import { delegatingKey } from '../../keys/compartment.ts';
import { freshSalt } from '../../lib/random.ts';
import { unwrapWith } from '../../recipients/umbral-stanza.ts';
import { type Header, headerDigest, parseHeader } from '../../seal/header.ts';
import { openContent, type OpenedContent } from '../../seal/open-content.ts';
import { verifyDeposit } from '../../seal/verify-deposit.ts';
import type { RecordView } from '../../view/facts.ts';
import { liveGrants } from '../../view/readers.ts';

export interface OpenRecordParameters {
  readonly record: Hex;
  /** Number of the grant to use; by default a live one of the actor that covers the record. */
  readonly grant?: CommandId | undefined;
  /** Salted commitment to the person who acts for an organisation; none by default. */
  readonly actingPerson?: Hex | undefined;
}

/**
 * Opens a record. Its owner opens it alone; a grantee logs the use on the ledger first, then has the proxies re-encrypt.
 * Header, ticket, stanza, payload and content commitment are all checked.
 *
 * @throws RejectedError UNKNOWN_RECORD, NO_GRANT (no live grant covers it), NO_TICKET, BAD_STANZA …
 * @throws AccessViolationError when the ledger logged the use as a violation.
 * @throws NotEnoughProxiesError when fewer proxies than the threshold gave a good fragment; tells of each why.
 * @throws AbsentError when header or payload is gone, DecryptionError when what is there does not open.
 */
export async function openRecord(
  actor: Actor,
  parameters: OpenRecordParameters,
  options: SubmitOptions = {},
): Promise<OpenedContent> {
  const { network } = actor;
  await network.view.sync(options);
  const record = network.view.record(parameters.record);
  if (record === undefined) throw new RejectedError('UNKNOWN_RECORD');
  const bytes = await findHeader(actor, record, options);
  const header = parseHeader(bytes);
  const kemKey =
    record.owner === actor.id
      ? decapsulateAsOwner(actor, header, record)
      : await decapsulateAsGrantee(actor, { record, header, bytes, parameters }, options);
  const dataKey = await unwrapWith(kemKey, header.stanzas[0], header);
  const { domain } = network.ledger.genesis;
  const contentCommitment = record.anchor.content;
  return openContent({
    header: bytes,
    dataKey,
    domain,
    contentCommitment,
    store: network.store,
    ...(options.signal && { signal: options.signal }),
  });
}

/** The header whose digest the ledger anchors. The directory is not trusted to give it. */
async function findHeader({ network }: Actor, record: RecordView, options: SubmitOptions): Promise<Uint8Array> {
  const headers = await network.directory.get('header', record.id, options);
  const found = headers.find((bytes) => headerDigest(bytes) === record.headerDigest);
  if (found === undefined) throw new AbsentError('The directory has no header with the anchored digest');
  return found;
}

function decapsulateAsOwner({ keys, network }: Actor, header: Header, record: RecordView): Uint8Array {
  const { domain } = network.ledger.genesis;
  const { capsule } = verifyDeposit(header, { domain, time: record.time });
  return decapsulateOriginal(delegatingKey(keys, header), capsule);
}

async function decapsulateAsGrantee(
  actor: Actor,
  opening: {
    readonly record: RecordView;
    readonly header: Header;
    readonly bytes: Uint8Array;
    readonly parameters: OpenRecordParameters;
  },
  options: SubmitOptions,
): Promise<Uint8Array> {
  const { record, header, bytes, parameters } = opening;
  const grant = parameters.grant ?? coveringGrant(actor, record);
  const { id: use } = await submitAs(
    actor,
    {
      type: 'useAccess',
      patient: record.owner,
      grant,
      record: record.id,
      headerDigest: record.headerDigest,
      // Random where nobody is named: two uses in one second are two commands, and nobody can tell the cases apart.
      actingPerson: parameters.actingPerson ?? toHex(freshSalt()),
    },
    { ...options, finality: 'final' },
  );
  return decapsulateByProxies(actor, { use, grant, record, header, bytes }, options);
}

function coveringGrant({ id, network }: Actor, record: RecordView): CommandId {
  const time = Math.max(network.view.clock, network.now());
  const found = liveGrants(network.view, { patient: record.owner, time }).find(
    (grant) =>
      grant.grantee === id &&
      grant.scope === record.compartment &&
      reaches(grant.level, record.level) &&
      (grant.newData || record.index < grant.index),
  );
  if (found === undefined) throw new RejectedError('NO_GRANT');
  return found.id;
}
