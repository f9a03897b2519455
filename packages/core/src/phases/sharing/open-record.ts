import { type CommandId, type Hex, toHex } from '@medseal/protocol';
import type { Actor } from '../../actor/actor.ts';
import { decapsulateByProxies } from '../../actor/decapsulate-by-proxies.ts';
import { learnListsOf } from '../../actor/learn-lists-of.ts';
import { findHeader, type FoundHeader } from '../../actor/find-header.ts';
import { type OpenOptions, openWithKey } from '../../actor/open-with-key.ts';
import { dataKeyOfOwner } from '../../actor/owner-key.ts';
import { submitAs } from '../../actor/submit-command.ts';
import { RejectedError } from '../../errors/rejected-error.ts';
import { freshSalt } from '../../lib/random.ts';
import { AUTHOR_STANZA, authorIdentity } from '../../recipients/author-stanza.ts';
import { stanzaOf } from '../../recipients/stanza.ts';
import { UMBRAL_STANZA, unwrapWith } from '../../recipients/umbral-stanza.ts';
import type { OpenedContent } from '../../seal/open-content.ts';
import { covers } from '../../view/covers.ts';
import type { GrantView, RecordView } from '../../view/facts.ts';
import { liveGrants } from '../../view/readers.ts';

export interface OpenRecordParameters {
  readonly record: Hex;
  /** Number of the grant to use; by default a live one of the actor that covers the record. */
  readonly grant?: CommandId | undefined;
  /** Salted commitment to the person who acts for an organisation; none by default. */
  readonly actingPerson?: Hex | undefined;
}

/**
 * Opens a record. Its owner opens it alone, and so does its author where the patient's ticket let him keep a stanza. A
 * grantee logs the use on the ledger first, then has the proxies re-encrypt.
 * Header, ticket, stanza, payload and content commitment are all checked.
 *
 * @throws RejectedError UNKNOWN_RECORD, RECORD_ERASED, NO_GRANT (no live grant covers it), NO_TICKET, BAD_STANZA …
 * @throws AccessViolationError when the ledger logged the use as a violation.
 * @throws NotEnoughProxiesError when fewer proxies than the threshold gave a good fragment; tells of each why.
 * @throws AbsentError when header or payload is gone, DecryptionError when what is there does not open.
 */
export async function openRecord(
  actor: Actor,
  parameters: OpenRecordParameters,
  options: OpenOptions = {},
): Promise<OpenedContent> {
  const { network } = actor;
  await network.view.sync(options);
  const record = network.view.record(parameters.record);
  if (record === undefined) throw new RejectedError('UNKNOWN_RECORD');
  if (record.erased) throw new RejectedError('RECORD_ERASED');
  const found = await findHeader(network, record, options);
  const dataKey = await dataKeyFor(actor, { record, found, parameters }, options);
  return openWithKey(network, { record, found, dataKey }, options);
}

interface Opening {
  readonly record: RecordView;
  readonly found: FoundHeader;
  readonly parameters: OpenRecordParameters;
}

function dataKeyFor(actor: Actor, opening: Opening, options: OpenOptions): Promise<Uint8Array> {
  const { record, found, parameters } = opening;
  if (record.owner === actor.id) return dataKeyOfOwner(actor, found.header, record);
  const kept = stanzaOf(found.header.stanzas, AUTHOR_STANZA);
  if (record.author === actor.id && kept !== undefined && parameters.grant === undefined)
    return authorIdentity(actor.keys.receivingSecret).unwrap(kept, found.header);
  return dataKeyOfGrantee(actor, opening, options);
}

async function dataKeyOfGrantee(actor: Actor, opening: Opening, options: OpenOptions): Promise<Uint8Array> {
  const { record, found, parameters } = opening;
  const grant = parameters.grant ?? (await coveringGrant(actor, record, options));
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
  const kemKey = await decapsulateByProxies(actor, { use, grant, record, ...found }, options);
  const stanza = stanzaOf(found.header.stanzas, UMBRAL_STANZA);
  if (stanza === undefined) throw new RejectedError('BAD_STANZA');
  return unwrapWith(kemKey, stanza, found.header);
}

async function coveringGrant(actor: Actor, record: RecordView, options: OpenOptions): Promise<CommandId> {
  const { id, network } = actor;
  const time = Math.max(network.view.clock, network.now());
  const mine = liveGrants(network.view, { patient: record.owner, time }).filter(({ grantee }) => grantee === id);
  const covering = (): GrantView | undefined => mine.find((grant) => covers(network.view, grant, record));
  if (covering() === undefined) await learnListsOf(actor, mine, options);
  const found = covering();
  if (found === undefined) throw new RejectedError('NO_GRANT');
  return found.id;
}
