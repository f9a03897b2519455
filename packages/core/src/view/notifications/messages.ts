import { anchoredRecordId, type Command } from '@medseal/protocol';
import { NO_COMPARTMENT } from '../../seal/inbox.ts';
import type { ViewEntry } from '../facts.ts';
import type { ActorBook } from './actor-book.ts';
import type { EntryNotification } from './notification.ts';

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What an entry says to somebody, without what the notifications of all entries have. */
export type Message = DistributiveOmit<EntryNotification, 'cursor' | 'time' | 'entry' | 'by' | 'holder'>;

type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;

/** What a command says to the owner of the book; `undefined` where it does not concern him. */
type Readers = {
  readonly [T in Command['type']]?: (c: CommandOf<T>, book: ActorBook, entry: ViewEntry) => Message | undefined;
};

const readers: Readers = {
  register: ({ participant }, book) => (book.isMe(participant) ? { type: 'registered', participant } : undefined),

  ban: readStanding('banned'),

  reinstate: readStanding('reinstated'),

  rotateKeys: ({ actor: participant }, book) => {
    const grants = book.endGrantsTo(participant);
    return book.isMe(participant) || grants.length > 0 ? { type: 'keysRotated', participant, grants } : undefined;
  },

  anchorRecord: (c, book) => {
    if (!book.isMe(c.owner, c.actor)) return undefined;
    const of = { record: anchoredRecordId(c), owner: c.owner, author: c.actor, level: c.level };
    return { type: 'recordDeposited', ...of, inbox: c.compartment === NO_COMPARTMENT };
  },

  supersedeRecord: readRecord('recordSuperseded'),

  eraseRecord: readRecord('recordErased'),

  requestAccess: ({ patient, actor: requester, level, newData, until }, book, { id: request }) =>
    book.isMe(patient, requester)
      ? { type: 'accessRequested', request, patient, requester, level, newData, until: dateOf(until) }
      : undefined,

  grantAccess: ({ patient, request, grantee, until }, book) => {
    const requester = book.decide(patient, request);
    const view = book.view.grant(patient, request);
    if (view === undefined || !(book.isMe(requester) || book.concerns(view))) return undefined;
    const { scope, level, newData, solicited, wider } = view;
    const of = { grant: request, patient, grantee, scope, level, newData, solicited, wider };
    return { type: 'accessGranted', ...of, until: dateOf(until) };
  },

  denyAccess: ({ patient, request }, book) => {
    const requester = book.decide(patient, request);
    return book.isMe(patient, requester) ? { type: 'accessDenied', request, patient, requester } : undefined;
  },

  revokeAccess: ({ patient, grant }, book) => {
    const ended = book.grant(patient, grant);
    if (ended === undefined) return undefined;
    book.endGrant(ended);
    return { type: 'accessRevoked', grant, patient, grantee: ended.other };
  },

  useAccess: ({ patient, grant, record, actor }, book, { violation: code }) => {
    const known = book.grant(patient, grant);
    // Somebody else's misuse of a grant is not the grantee's affair, but that of whoever keeps its fragments.
    const kept = known !== undefined && !book.isMe(known.other);
    if (!book.isMe(patient, actor) && !kept) return undefined;
    const of = { grant, patient, record };
    return code === undefined ? { type: 'recordUsed', ...of } : { type: 'accessViolated', ...of, code };
  },

  reportViolation: ({ patient, subject, entry: about }, book) =>
    book.isMe(patient, subject) ? { type: 'violationReported', patient, subject, about } : undefined,
};

/** What the next entry of the log says to the owner of the book. A repeat says nothing: readers count a command once. */
export function readEntry(book: ActorBook, entry: ViewEntry): Message | undefined {
  book.clock = Math.max(book.clock, entry.time);
  if (entry.repeat) return undefined;
  const { command } = entry;
  const read = readers[command.type] as
    | ((c: Command, book: ActorBook, entry: ViewEntry) => Message | undefined)
    | undefined;
  return read?.(command, book, entry);
}

export function dateOf(seconds: number): Date {
  return new Date(seconds * 1000);
}

function readStanding(type: 'banned' | 'reinstated') {
  return ({ participant }: CommandOf<'ban' | 'reinstate'>, book: ActorBook): Message | undefined => {
    const grants = book.liveGrants(participant);
    return book.isMe(participant) || grants.length > 0 ? { type, participant, grants } : undefined;
  };
}

function readRecord(type: 'recordSuperseded' | 'recordErased') {
  return (
    { patient: owner, record }: CommandOf<'supersedeRecord' | 'eraseRecord'>,
    book: ActorBook,
    { holder }: ViewEntry,
  ): Message | undefined => {
    // Whether the record was there at this place of the log, the marks tell; who wrote it never changes.
    const author = holder.includes('UNKNOWN_RECORD') ? undefined : book.view.record(record)?.author;
    return book.isMe(owner, author) ? { type, record, owner, author } : undefined;
  };
}
