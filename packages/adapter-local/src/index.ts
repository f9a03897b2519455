export { adapter } from './config/adapter.ts';
export { nodeSecrets, type NodeSecretsOptions } from './config/node-secrets.ts';
export { readConfig } from './config/read-config.ts';
export { type FileDirectory, fileDirectory } from './files/file-directory.ts';
export { fileProxyState } from './files/file-proxy-state.ts';
export { type FileStore, fileStore, type SweepOptions } from './files/file-store.ts';
export type { FolderOptions } from './files/folder-root.ts';
export type { ScrubOptions, ScrubProgress, ScrubReport } from './files/scrub-objects.ts';
export type { KeyProgress, KeyTaskOptions } from './keys/change-passphrase.ts';
export { type FileKeyStore, fileKeyStore, type FileKeyStoreOptions, type Passphrase } from './keys/file-key-store.ts';
export { type LedgerReport, verifyLedger, type VerifyLedgerOptions } from './ledger/checking/verify-ledger.ts';
export { backupLedger } from './ledger/copying/backup-ledger.ts';
export type { CopyOptions } from './ledger/copying/copy-ledger.ts';
export { restoreLedger, type RestoreOptions } from './ledger/copying/restore-ledger.ts';
export {
  ClockJumpedError,
  LedgerCorruptError,
  LedgerLockedError,
  LedgerPathError,
  ReadOnlyLedgerError,
} from './ledger/errors.ts';
export { type LocalLedger, localLedger } from './ledger/local-ledger.ts';
export type {
  CheckpointKeySource,
  CreateLedgerOptions,
  LocalLedgerOptions,
  PublishTilesOptions,
} from './ledger/options.ts';
export { createLedger } from './ledger/writing/create-ledger.ts';
export { nativeRecovery } from './ledger/writing/native-recovery.ts';
export { wasmKeccak } from './ledger/writing/wasm-keccak.ts';
export { sqliteMirrorState, type SqliteMirrorStateOptions } from './mirror/sqlite-mirror-state.ts';
export { rebuildLedger, type RebuildOptions, type RebuiltLedger } from './rebuilding/rebuild-ledger.ts';
export { sqliteViewStore } from './view/sqlite-view-store.ts';
export { publishTiles, type PublishOptions } from './tiles/publish-tiles.ts';
export { type PublishedLog, readTiles, type ReadTilesOptions } from './tiles/read-tiles.ts';
export { type TilePublisher, tilePublisher, type TilePublisherOptions } from './tiles/tile-publisher.ts';
export type { TileSource } from './tiles/tile-source.ts';
