/** What an adapter needs: ports, and the errors that it may throw. */
export { AccessViolationError } from './errors/access-violation-error.ts';
export { ConfigError, type ConfigIssue } from './errors/config-error.ts';
export { DecryptionError } from './errors/decryption-error.ts';
export { KeysExistError } from './errors/key-store-errors.ts';
export {
  LedgerRewrittenError,
  LedgerUnavailableError,
  UnknownSubmissionError,
  WrongLedgerError,
} from './errors/ledger-errors.ts';
export { RejectedError } from './errors/rejected-error.ts';
export { AbsentError, StoreUnavailableError, UnfaithfulStoreError } from './errors/store-errors.ts';
export { UnavailableSecretError } from './errors/unavailable-secret-error.ts';
export { UnsupportedError } from './errors/unsupported-error.ts';
export { ViewStoreDamagedError } from './errors/view-store-damaged-error.ts';
export { exportKeys, type ExportOptions, importKeys, type ImportOptions } from './keys/key-file.ts';
export { generateKeys } from './keys/participant-keys.ts';
export { abortable, unlessAborted } from './lib/abort.ts';
export { requireRange } from './lib/require-range.ts';
export {
  type Adapter,
  type Offer,
  offer,
  type OpenContext,
  type PartKind,
  type Parts,
} from './network/config/adapter.ts';
export { authorityField } from './network/config/authority-field.ts';
export type { SecretOptions, SecretResolver } from './network/config/check-secrets.ts';
export type { NetworkConfig, PartConfig, ProxyConfig } from './network/config/network-config.ts';
export * as fields from './network/config/fields.ts';
export type { Field, Fields, SecretReference, Values } from './network/config/fields.ts';
export type { CallOptions } from './ports/call-options.ts';
export type { Directory, DirectoryKind } from './ports/directory.ts';
export type { KeyStore, ParticipantKeys } from './ports/key-store.ts';
export type { Cursor, EntriesOptions, Ledger, LedgerEntry, LedgerHead, Receipt, Submission } from './ports/ledger.ts';
export type { CopyDebt, MirrorState } from './ports/mirror-state.ts';
export type { ProxyState } from './ports/proxy-state.ts';
export type { BlobRef, PutOptions, ReadOptions, Store } from './ports/store.ts';
export type { ViewStore } from './ports/view-store.ts';
