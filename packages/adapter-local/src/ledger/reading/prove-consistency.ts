import { consistencyProof, treeRoot, verifyConsistency } from '@medseal/core/tlog';
import type { LedgerFile } from '../database/ledger-file.ts';
import { inTransaction } from '../database/transaction.ts';
import { LedgerCorruptError } from '../errors.ts';
import type { LogReader } from './log-reader.ts';

/**
 * Proof that the log of `from` entries is the beginning of the log of `to` entries (RFC 9162 section 2.1.4), as a
 * witness asks for it.
 *
 * @throws RangeError unless 0 < from ≤ to ≤ size of the log.
 */
export function proveConsistency(
  { file, reader }: { readonly file: LedgerFile; readonly reader: LogReader },
  from: number,
  to: number,
): readonly Uint8Array[] {
  return inTransaction(file.database, () => {
    const head = reader.head();
    const sizes = [from, to];
    if (!sizes.every(Number.isSafeInteger) || from < 1 || from > to || to > head.size)
      throw new RangeError('The log was never so long, or not in this order');
    const read = file.tables.hashes.get;
    const root = (size: number): Uint8Array => (size === head.size ? head.root : treeRoot(size, read));
    const proven = (a: number, b: number): readonly Uint8Array[] => {
      const proof = consistencyProof(a, b, read);
      if (!verifyConsistency({ from: a, to: b, fromRoot: root(a), toRoot: root(b), proof }))
        throw new LedgerCorruptError('the hashes of the tree do not lead to its signed root');
      return proof;
    };
    proven(to, head.size);
    return proven(from, to);
  });
}
