/** One reason why something is refused. `by` says who says it; `number` is its byte in the log (ledger codes only). */
export interface Rejection {
  readonly by: 'ledger' | 'holder' | 'client';
  readonly number: number;
  readonly meaning: string;
  readonly remedy: string;
}

export type LedgerCode =
  | 'MALFORMED'
  | 'BAD_SIGNATURE'
  | 'COMMAND_EXPIRED'
  | 'VALIDITY_TOO_LONG'
  | 'NOT_REGISTERED'
  | 'BANNED'
  | 'ALREADY_REGISTERED'
  | 'PERSON_TAKEN'
  | 'BAD_ORGANISATION'
  | 'UNKNOWN_PARTICIPANT'
  | 'STALE_VERSION'
  | 'ALREADY_BANNED'
  | 'NOT_BANNED'
  | 'ROLE_NOT_ALLOWED'
  | 'NOT_OWNER'
  | 'CLEARANCE_TOO_LOW'
  | 'UNTIL_PASSED'
  | 'GRANTEE_BANNED'
  | 'ALREADY_DECIDED'
  | 'NO_GRANT'
  | 'ALREADY_REVOKED'
  | 'GRANT_REVOKED'
  | 'KEYS_CHANGED'
  | 'GRANT_EXPIRED'
  | 'OWNER_BANNED';

export type HolderCode =
  | 'NO_TICKET'
  | 'OUT_OF_SCOPE'
  | 'STALE_EPOCH'
  | 'LEVEL_EXCEEDED'
  | 'UNKNOWN_RECORD'
  | 'RECORD_ERASED'
  | 'STALE_HEADER'
  | 'DUPLICATE_RECORD'
  | 'STALE'
  | 'BAD_STANZA'
  | 'BULK_LIMIT'
  | 'NO_USE'
  | 'NOT_LIVE'
  | 'UNFOUNDED';

export type ClientCode = 'NO_REQUEST';

export type RejectionCode = LedgerCode | HolderCode | ClientCode;

const ledger = (number: number, meaning: string, remedy: string): Rejection => ({
  by: 'ledger',
  number,
  meaning,
  remedy,
});
const holder = (meaning: string, remedy: string): Rejection => ({ by: 'holder', number: 0, meaning, remedy });

/** Why something is refused, and what to do. Numbers stand in logs for ever: append only. */
export const rejections: Readonly<Record<RejectionCode, Rejection>> = {
  MALFORMED: ledger(
    1,
    'The bytes are not a command of this protocol version.',
    'Encode the command with this library; check field widths and ranges.',
  ),
  BAD_SIGNATURE: ledger(
    2,
    'A signature is wrong, malleable (high s), from another domain, missing, surplus or out of order.',
    'Sign the command for this ledger with the key of the actor, or with exactly the required authority keys in ascending order.',
  ),
  COMMAND_EXPIRED: ledger(
    3,
    'The ledger’s time has reached the command’s validUntil.',
    'Sign the command again with a later validUntil.',
  ),
  VALIDITY_TOO_LONG: ledger(
    4,
    'validUntil lies more than a day ahead of the ledger’s time.',
    'Sign with a validUntil within 86,400 seconds.',
  ),
  NOT_REGISTERED: ledger(5, 'The actor is not a registered participant.', 'Have the authority register the actor.'),
  BANNED: ledger(6, 'The actor is banned.', 'Ask the authority for reinstatement.'),
  ALREADY_REGISTERED: ledger(7, 'The participant is registered already.', 'Use the existing registration.'),
  PERSON_TAKEN: ledger(8, 'This person holds an account already.', 'Use that account; one person has one.'),
  BAD_ORGANISATION: ledger(
    9,
    'The organisation is not a registered, unbanned participant with the role organisation.',
    'Register the organisation first, or give none.',
  ),
  UNKNOWN_PARTICIPANT: ledger(
    10,
    'A participant named by the command is not registered.',
    'Check the id, or have the participant registered.',
  ),
  STALE_VERSION: ledger(
    11,
    'The participant has changed since the version that the command names.',
    'Read the participant again and sign for the present version.',
  ),
  ALREADY_BANNED: ledger(12, 'The participant is banned already.', 'Nothing to do.'),
  NOT_BANNED: ledger(13, 'The participant is not banned.', 'Nothing to do.'),
  ROLE_NOT_ALLOWED: ledger(
    14,
    'The actor holds no role that may do this.',
    'Let a provider, organisation or device act, or the patient for herself.',
  ),
  NOT_OWNER: ledger(15, 'The actor is not the patient whom the command concerns.', 'Only the patient may sign this.'),
  CLEARANCE_TOO_LOW: ledger(
    16,
    'The clearance does not reach the level.',
    'Ask for a lower level, or have the authority raise the clearance.',
  ),
  UNTIL_PASSED: ledger(17, 'The given end lies in the past.', 'Give an `until` after the ledger’s present time.'),
  GRANTEE_BANNED: ledger(18, 'The grantee is banned.', 'Wait for reinstatement or grant to somebody else.'),
  ALREADY_DECIDED: ledger(
    19,
    'This request was granted, denied or revoked before.',
    'Decisions are final: let a new request be made.',
  ),
  NO_GRANT: ledger(20, 'No grant with this number was given to the actor.', 'Request access from the patient.'),
  ALREADY_REVOKED: ledger(21, 'The grant is revoked already.', 'Nothing to do.'),
  GRANT_REVOKED: ledger(22, 'The patient has revoked the grant.', 'Request access again.'),
  KEYS_CHANGED: ledger(
    23,
    'The grantee’s keys have changed since the grant.',
    'Request access again with the present keys.',
  ),
  GRANT_EXPIRED: ledger(24, 'The grant has reached its end.', 'Request access again.'),
  OWNER_BANNED: ledger(25, 'The owner of the data is banned.', 'Wait for reinstatement of the owner.'),
  NO_TICKET: holder(
    'The author has no deposit ticket of the patient that covers this record.',
    'Ask the patient for a ticket for this compartment and epoch.',
  ),
  OUT_OF_SCOPE: holder('The grant does not cover this record.', 'Request access to the compartment or record.'),
  STALE_EPOCH: holder(
    'The record or key fragment belongs to another epoch of the compartment.',
    'Ask the patient for key fragments of this epoch.',
  ),
  LEVEL_EXCEEDED: holder('The record’s level is above the grant’s.', 'Request access at the record’s level.'),
  UNKNOWN_RECORD: holder(
    'No record that readers honour has this id, owner and header digest.',
    'Fetch the present header; let the author anchor the record.',
  ),
  RECORD_ERASED: holder('The patient has erased the record.', 'Nothing to do: erasure is final.'),
  STALE_HEADER: holder(
    'The record has had another header since the one that the command names.',
    'Fetch the present header and supersede that one.',
  ),
  DUPLICATE_RECORD: holder(
    'A record with this id was anchored before; the first anchor counts.',
    'Seal again with a fresh salt.',
  ),
  STALE: holder(
    'The use reached the holder too late, or the holder’s view of the ledger is not fresh.',
    'Use the grant again; if it persists, check the holder’s connection to the ledger.',
  ),
  BAD_STANZA: holder(
    'The stanza’s proof does not bind it to this record, compartment and epoch.',
    'The header was altered or copied: do not use it.',
  ),
  BULK_LIMIT: holder(
    'The grantee has used more of this patient’s records in a short time than the holder allows.',
    'Wait, or ask the operators of the holders for a higher limit.',
  ),
  NO_USE: holder(
    'The ledger logs no applied use of this grant for this record by this actor.',
    'Submit useAccess first and wait for its finality.',
  ),
  UNFOUNDED: holder(
    'The reported entry does not concern the patient who reports it.',
    'Report an entry that names this patient.',
  ),
  NO_REQUEST: {
    by: 'client',
    number: 0,
    meaning: 'The ledger holds no request with this number.',
    remedy: 'Check the number, or grant without a request.',
  },
  NOT_LIVE: holder(
    'The grant is not live now: revoked, expired, keys changed, or a party banned.',
    'Request access again.',
  ),
};

const byNumber: ReadonlyMap<number, LedgerCode> = new Map(
  (Object.keys(rejections) as RejectionCode[]).filter(isLedgerCode).map((code) => [rejections[code].number, code]),
);

export function isLedgerCode(code: string): code is LedgerCode {
  return Object.hasOwn(rejections, code) && rejections[code as RejectionCode].by === 'ledger';
}

/** The ledger code with this number in the log, if there is one. */
export function ledgerCode(number: number): LedgerCode | undefined {
  return byNumber.get(number);
}
