/** A transparency log: Merkle tree of RFC 9162, tiles, signed notes, checkpoints, cosignatures and proofs of C2SP. */
export { consistencyProof } from './tlog/consistency-proof.ts';
export { encodeBundle, parseBundle } from './tlog/entry-bundle.ts';
export type { HashReader } from './tlog/hash-reader.ts';
export { inclusionProof } from './tlog/inclusion-proof.ts';
export { type Subtree, subtreesCompletedBy } from './tlog/subtrees-completed-by.ts';
export { bundlePath, TILE_WIDTH, tilePath } from './tlog/tile-path.ts';
export { emptyRoot, leafHash, nodeHash } from './tlog/tree-hash.ts';
export { treeRoot } from './tlog/tree-root.ts';
export { type Consistency, verifyConsistency } from './tlog/verify-consistency.ts';
export { type Inclusion, verifyInclusion } from './tlog/verify-inclusion.ts';
