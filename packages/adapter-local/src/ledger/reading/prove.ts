import { UnknownSubmissionError } from '@medseal/core/adapter';
import { encodeProof, inclusionProof, leafHash, verifyInclusion } from '@medseal/core/tlog';
import type { CommandId } from '@medseal/protocol';
import type { LedgerFile } from '../database/ledger-file.ts';
import { inTransaction } from '../database/transaction.ts';
import { LedgerCorruptError } from '../errors.ts';
import type { Head } from './head.ts';
import type { LogReader } from './log-reader.ts';

/**
 * Proof that the log holds a command, as C2SP tlog-proof: under the last checkpoint that witnesses cosigned, if it
 * covers the entry, under the last one otherwise.
 *
 * @throws UnknownSubmissionError when the log does not hold it.
 */
export function prove(
  { file, reader }: { readonly file: LedgerFile; readonly reader: LogReader },
  id: CommandId,
): Uint8Array {
  return inTransaction(file.database, () => {
    const index = reader.find(id);
    if (index === undefined) throw new UnknownSubmissionError(id);
    const { size, root, note } = checkpointOver(file, reader, index);
    const entry = file.tables.entries.get(index);
    const hashes = inclusionProof(index, size, file.tables.hashes.get);
    if (!verifyInclusion({ leaf: leafHash(entry), index, size, root, proof: hashes }))
      throw new LedgerCorruptError('an entry does not lead to the signed root', { seq: index });
    return encodeProof({ entry, index, hashes, checkpoint: note });
  });
}

function checkpointOver({ tables, openCheckpoint }: LedgerFile, reader: LogReader, index: number): Head {
  const cosigned = tables.cosigned.last();
  const witnessed = cosigned === undefined ? undefined : openCheckpoint(cosigned);
  return witnessed !== undefined && witnessed.size > index ? witnessed : reader.head();
}
