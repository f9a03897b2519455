import {
  checkpointText,
  ed25519NoteSigner,
  type Ed25519NoteSigner,
  type HashReader,
  leafHash,
  signNote,
  subtreesCompletedBy,
  treeRoot,
} from '@medseal/core/tlog';
import type { TileSource } from '../src/tiles/tile-source.ts';

export const logKey: Ed25519NoteSigner = ed25519NoteSigner({
  name: 'example.org/log',
  secretKey: new Uint8Array(32).fill(7),
});

/** A log in memory, to publish from. */
export interface TileLog {
  readonly entries: Uint8Array[];
  readonly hash: HashReader;
  append(...entries: readonly Uint8Array[]): void;
  /** The log when it had so many entries; all by default. */
  source(size?: number): TileSource;
}

export function tileLog(count = 0, signer: Ed25519NoteSigner = logKey): TileLog {
  const hashes = new Map<string, Uint8Array>();
  const entries: Uint8Array[] = [];
  const hash: HashReader = (level, index) => {
    const found = hashes.get(`${level}/${index}`);
    if (found === undefined) throw new Error(`No subtree is complete at ${level}/${index}`);
    return found;
  };
  const append = (...added: readonly Uint8Array[]): void => {
    for (const entry of added) {
      for (const subtree of subtreesCompletedBy(entries.length, leafHash(entry), hash))
        hashes.set(`${subtree.level}/${subtree.index}`, subtree.hash);
      entries.push(entry);
    }
  };
  append(...Array.from({ length: count }, (_, i) => new TextEncoder().encode(`entry ${i}`)));
  const source = (size = entries.length): TileSource => ({
    size,
    hash,
    checkpoint: signNote(checkpointText({ origin: signer.name, size, root: treeRoot(size, hash) }), [signer]),
    entries: (from, to) => entries.slice(from, to),
  });
  return { entries, hash, append, source };
}
