export type { Actor, AuthorityActor, NetworkParts } from './actor/actor.ts';
export type { StandingParameters } from './actor/change-standing.ts';
export type { DepositOptions, SealedRecord } from './actor/deposit-record.ts';
export { findTicket } from './actor/find-ticket.ts';
export type { OpenOptions } from './actor/open-with-key.ts';
export type { FoundTicket } from './actor/read-tickets.ts';
export type { Rekeying } from './actor/rekey-compartment.ts';
export type { SubmitOptions } from './actor/submit-command.ts';
export * from './adapter.ts';
export { type IndexedDbOptions, indexedDbViewStore } from './browser/indexed-db-view-store.ts';
export { LedgerDivergedError } from './errors/ledger-diverged-error.ts';
export { MalformedObjectError } from './errors/malformed-object-error.ts';
export { NotEnoughProxiesError, type ProxyFault } from './errors/proxy-errors.ts';
export { UnverifiedObjectError } from './errors/unverified-object-error.ts';
export { memoryKeyStore } from './keys/memory-key-store.ts';
export type { Content } from './lib/byte-stream.ts';
export { useHashThread } from './lib/ciphertext-hash.ts';
export { memoryDirectory, type MemoryDirectory } from './memory/memory-directory.ts';
export { MemoryLedger, memoryLedger, type MemoryLedgerOptions } from './memory/memory-ledger.ts';
export { memoryMirrorState } from './memory/memory-mirror-state.ts';
export { memoryProxyState } from './memory/memory-proxy-state.ts';
export { memoryStore, type MemoryStore } from './memory/memory-store.ts';
export type { CopyHealth } from './mirror/copy.ts';
export {
  type MirroredStore,
  mirroredStore,
  type MirroredStoreOptions,
  type RepairStatus,
} from './mirror/mirrored-store.ts';
export type { RepairEvent } from './mirror/repair-queue.ts';
export type { CopyReport, MirrorReport, MirrorScrubOptions } from './mirror/scrub-copies.ts';
export type { RepairOptions } from './mirror/settings.ts';
export { memoryViewStore } from './memory/memory-view-store.ts';
export { assembleNetwork, type AssembleNetworkOptions, type Network } from './network/assemble-network.ts';
export { checkConfig, type CheckConfigOptions } from './network/check-config.ts';
export { builtIn as builtInAdapters } from './network/config/built-in.ts';
export type { AdapterLoaders } from './network/config/load-adapters.ts';
export { networkFields } from './network/config/network-fields.ts';
export { commonFields } from './network/config/plan.ts';
export { type ConfiguredNetwork, openNetwork, type OpenNetworkOptions } from './network/open-network.ts';
export { notifications, type NotificationsOptions } from './phases/audit/notifications.ts';
export { reportViolation, type ReportViolationParameters } from './phases/audit/report-violation.ts';
export { eraseRecord } from './phases/revocation/erase-record.ts';
export { renewCompartment } from './phases/revocation/renew-compartment.ts';
export { resumeRekeying } from './phases/revocation/resume-rekeying.ts';
export { type Revocation, revokeAccess } from './phases/revocation/revoke-access.ts';
export { type RotatedRecord, rotateRecords, type RotateRecordsOptions } from './phases/revocation/rotate-records.ts';
export { ban } from './phases/setup/ban.ts';
export { issueTicket, type IssueTicketParameters } from './phases/setup/issue-ticket.ts';
export { register, type RegisterParameters } from './phases/setup/register.ts';
export { reinstate } from './phases/setup/reinstate.ts';
export { type RotatedKeys, rotateKeys } from './phases/setup/rotate-keys.ts';
export { denyAccess } from './phases/sharing/deny-access.ts';
export { type Grant, grantAccess } from './phases/sharing/grant-access.ts';
export type { GrantAccessParameters } from './phases/sharing/grant-terms.ts';
export { learnRecordLists } from './phases/sharing/learn-record-lists.ts';
export { openRecord, type OpenRecordParameters } from './phases/sharing/open-record.ts';
export { type AccessRequest, requestAccess, type RequestAccessParameters } from './phases/sharing/request-access.ts';
export { fileRecord, type FileRecordParameters } from './phases/storage/file-record.ts';
export { sealRecord, type SealRecordOptions, type SealRecordParameters } from './phases/storage/seal-record.ts';
export type { FragmentDelivery, Proxy } from './ports/proxy.ts';
export { type DataClass, levelOf } from './seal/data-class.ts';
export type { BulkLimit } from './services/bulk-limit.ts';
export { type ProxyStatement, verifyStatement } from './services/proxy-statement.ts';
export { ReEncryptionProxy, type ReEncryptionProxyOptions } from './services/re-encryption-proxy.ts';
export type { GrantState, GrantView, RecordView, RequestView, ViewEntry } from './view/facts.ts';
export { grantFacts, grantState } from './view/grant-state.ts';
export type { Explanation } from './view/explain.ts';
export { LedgerView } from './view/ledger-view.ts';
export type { LedgerViewOptions } from './view/ledger-view-options.ts';
export type {
  AccessDenied,
  AccessGranted,
  AccessRequested,
  AccessRevoked,
  AccessViolated,
  Banned,
  EntryNotification,
  ExpiryNotification,
  GrantExpired,
  KeysRotated,
  Notification,
  RecordDeposited,
  RecordErased,
  RecordSuperseded,
  RecordUsed,
  Registered,
  Reinstated,
  RequestExpired,
  ViolationReported,
} from './view/notifications/notification.ts';
export { Projection } from './view/projection.ts';
export { liveGrants, type Reader, readersOf } from './view/readers.ts';
export { signSnapshot, type Snapshot, type SnapshotTrust, verifySnapshot } from './view/snapshot.ts';
export { usedOutsideList } from './view/used-outside-list.ts';
