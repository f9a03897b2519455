export type {
  ActorCommand,
  AnyCommandDefinition,
  AuthorityCommand,
  CommandDefinition,
  CommandId,
  Field,
  Rule,
  RuleContext,
  Signers,
} from './command.ts';
export * from './commands/index.ts';
export { concat, fromHex, type Hex, isHex, toHex } from './encode/bytes.ts';
export {
  type Authority,
  authorityDigest,
  checkAuthority,
  type Domain,
  ethereumDomain,
  fabricDomain,
  type Genesis,
  localDomain,
  PROTOCOL_VERSION,
} from './encode/domain.ts';
export {
  commandId,
  domainSeparator,
  encodeType,
  type Keccak256,
  structName,
  typeHash,
  wireFields,
} from './encode/eip712.ts';
export { decodeEntry, emptyLogDigest, encodeEntry, type EntryBody, extendLogDigest } from './encode/entry.ts';
export {
  type Address,
  type FieldKind,
  type FieldValue,
  kinds,
  type Level,
  levels,
  reaches,
  type Role,
  roles,
} from './encode/kinds.ts';
export { anchoredRecordId, recordId, type RecordParts } from './encode/record-id.ts';
export {
  addressOfPublicKey,
  type CommandSigner,
  memorySigner,
  recoverSigner,
  type RecoverSigner,
  signDigest,
} from './encode/signature.ts';
export {
  decodeCommand,
  type DecodedCommand,
  encodeCommand,
  MAX_SIGNATURES,
  SIGNATURE,
  type SignedCommand,
} from './encode/wire.ts';
export { type Marks, markAnchor, markErasure, markReport, markSupersession, markUse, noMarks } from './holder/marks.ts';
export {
  type FragmentFacts,
  type GrantFacts,
  MAX_USE_AGE,
  MAX_VIEW_AGE,
  type RecordFacts,
  refuseRelease,
  type ReleaseFacts,
  type ReleaseRule,
  releaseRules,
  type TicketFacts,
  type UseFacts,
} from './holder/release.ts';
export { type GrantScope, inScope } from './holder/scope.ts';
export { isMedsealError, MedsealError } from './errors.ts';
export {
  decide,
  judge,
  MAX_VALIDITY,
  stateReads,
  type Verdict,
  type Verification,
  type VerifiedCommand,
  verifyCommand,
  type VerifyOptions,
} from './machine.ts';
export { MalformedCommandError } from './malformed-command-error.ts';
export {
  type ClientCode,
  type HolderCode,
  isLedgerCode,
  type LedgerCode,
  ledgerCode,
  type Rejection,
  type RejectionCode,
  rejections,
} from './rejections.ts';
export { idOf, signCommand } from './sign.ts';
export { type Decision, decision, type DecisionStatus } from './state/decision.ts';
export type { Entity, StateKey, Write } from './state/entity.ts';
export type { ReadState, StateValue, StateWrite } from './state/state-value.ts';
export { noOrganisation, type Participant, participant, type ParticipantStatus } from './state/participant.ts';
export { type Person, person } from './state/person.ts';
