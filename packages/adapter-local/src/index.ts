export { type FileDirectory, fileDirectory } from './files/file-directory.ts';
export { fileProxyState } from './files/file-proxy-state.ts';
export { type FileStore, fileStore, type SweepOptions } from './files/file-store.ts';
export type { FolderOptions } from './files/folder-root.ts';
export type { ScrubOptions, ScrubProgress, ScrubReport } from './files/scrub-objects.ts';
export { sqliteViewStore } from './view/sqlite-view-store.ts';
