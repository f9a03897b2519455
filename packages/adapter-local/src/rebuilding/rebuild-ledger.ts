import { existsSync, rmSync } from 'node:fs';
import { LedgerUnavailableError, WrongLedgerError } from '@medseal/core/adapter';
import { noteVerifier, UnverifiedLogError, type WitnessVerifier } from '@medseal/core/tlog';
import type { Domain } from '@medseal/protocol';
import { verifyLedger } from '../ledger/checking/verify-ledger.ts';
import { Closers } from '../ledger/database/closers.ts';
import { originOf, parseGenesis, type StoredGenesis } from '../ledger/database/genesis-row.ts';
import { highWaterPath, readHighWater } from '../ledger/database/high-water.ts';
import { putInPlace } from '../ledger/database/put-in-place.ts';
import { resolvePath } from '../ledger/database/resolve-path.ts';
import { lockWriter } from '../ledger/database/writer-lock.ts';
import { LedgerCorruptError, LedgerPathError } from '../ledger/errors.ts';
import type { CheckpointKeySource } from '../ledger/options.ts';
import { checkpointKey } from '../ledger/writing/checkpoint-key.ts';
import { createLocked } from '../ledger/writing/create-ledger.ts';
import { keyPath, readKeyFile } from '../ledger/writing/key-file.ts';
import { GENESIS } from '../tiles/publish-tiles.ts';
import { type PublishedLog, readTiles } from '../tiles/read-tiles.ts';
import { TileFolder } from '../tiles/tile-folder.ts';
import { appendLog } from './append-log.ts';

export interface RebuildOptions {
  /** The key of the checkpoints, the same as before: `<path>-key` by default. */
  readonly key?: CheckpointKeySource | undefined;
  /** Domain that the ledger must have. */
  readonly domain?: Domain | undefined;
  /** Their cosignatures under the published checkpoint are taken over; those of others are not. */
  readonly witnesses?: readonly WitnessVerifier[] | undefined;
  /** How many of the witnesses must have cosigned what was published; 0 by default. */
  readonly quorum?: number | undefined;
  /** Replace the ledger that is there. Entries that were not published are lost: readers that saw them will refuse it. */
  readonly replace?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told how many entries are done, of how many. */
  readonly onProgress?: ((done: number, entries: number) => void) | undefined;
  /** Most threads for signatures; 0 for none, by default as `localLedger` has them. */
  readonly threads?: number | undefined;
}

export interface RebuiltLedger {
  readonly domain: Domain;
  readonly entries: number;
  /** As it is signed again: readers and witnesses that saw the published one find the same log. */
  readonly checkpoint: string;
}

/**
 * Makes the database of a ledger anew from its published tiles and the key of its checkpoints. What is published is
 * checked against that key; every signature and every rule is checked again, at the time of its entry; and the new
 * database must lead to the published root. It is there whole or not at all.
 *
 * @throws LedgerPathError when a ledger is there and `replace` was not given, or no folder of tiles is; LedgerCorruptError
 *   when fewer entries were published than are known to have been committed, or they do not follow from the rules;
 *   WrongLedgerError for the key or the domain of another ledger; MalformedObjectError, UnverifiedLogError,
 *   StoreUnavailableError as `readTiles`; LedgerLockedError; the reason of the signal, which is heard between two steps:
 *   then all is as it was.
 */
export async function rebuildLedger(
  tiles: string,
  ledger: string,
  options: RebuildOptions = {},
): Promise<RebuiltLedger> {
  options.signal?.throwIfAborted();
  if (!existsSync(tiles)) throw new LedgerPathError('LEDGER_ABSENT', tiles);
  const path = resolvePath(ledger);
  await using held = new Closers();
  held.use(lockWriter(path));
  if (existsSync(path) && options.replace !== true) throw new LedgerPathError('LEDGER_EXISTS', path);
  const stored = await readPublishedGenesis(tiles, options.signal);
  const { domain } = stored.genesis;
  if (options.domain !== undefined && options.domain !== domain)
    throw new WrongLedgerError('What is published is the log of a ledger of another domain');
  const secret = await readSecret(path, options.key);
  const key = checkpointKey(originOf(domain), secret);
  if (key.verifierKey !== stored.verifierKey)
    throw new WrongLedgerError('The key is not that of the checkpoints of this ledger');
  const { witnesses, quorum, signal } = options;
  const log = await readTiles(tiles, { verifiers: [noteVerifier(key.verifierKey)], witnesses, quorum, signal });
  if (options.replace !== true) requireAllCommitted(path, log);

  const partial = `${path}-rebuilt`;
  removeParts(partial);
  try {
    const { genesis, salt } = stored;
    await createLocked({ path: partial, authority: genesis.authority, salt, key: { secret: () => secret } });
    await appendLog(partial, log, key, options);
    // Its tables against its log; the signatures were checked just now.
    const { checkpoint, entries } = await verifyLedger(partial, { signatures: 'assume', signal });
    replace(partial, path);
    return { domain, entries, checkpoint };
  } finally {
    removeParts(partial);
  }
}

/** Its domain is the name of the log, which the checkpoint is signed for: whoever alters it is found out. */
async function readPublishedGenesis(tiles: string, signal: AbortSignal | undefined): Promise<StoredGenesis> {
  const bytes = await new TileFolder(tiles, signal).read(GENESIS);
  if (bytes === undefined) throw new UnverifiedLogError('file');
  return parseGenesis(new TextDecoder().decode(bytes));
}

async function readSecret(path: string, source: CheckpointKeySource | undefined): Promise<Uint8Array> {
  return source !== undefined && 'secret' in source ? source.secret() : readKeyFile(source?.file ?? keyPath(path));
}

/** The note beside a database may have outlived it. */
function requireAllCommitted(path: string, { checkpoint: { size } }: PublishedLog): void {
  const mark = readHighWater(path);
  if (mark !== undefined && mark.size > size)
    throw new LedgerCorruptError(
      `${mark.size} entries were committed, and only ${size} were published: "replace" gives up the others`,
    );
}

/** In this order a crash leaves what was there, or the new ledger with the old note of its length: no mixture that opens. */
function replace(partial: string, path: string): void {
  try {
    putInPlace(partial, path);
    rmSync(highWaterPath(path), { force: true });
  } catch (error) {
    throw new LedgerUnavailableError('The ledger can not be put in its place', { cause: error });
  }
}

function removeParts(partial: string): void {
  for (const suffix of ['', '-wal', '-shm', '-head', '-new']) rmSync(`${partial}${suffix}`, { force: true });
}
