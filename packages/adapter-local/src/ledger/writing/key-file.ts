import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { LedgerUnavailableError } from '@medseal/core/adapter';
import { LedgerPathError } from '../errors.ts';

const PREFIX = 'medseal-checkpoint-key-1:';
const SECRET = 32;

/**
 * Key file of a ledger: beside it, and outside it, so that a copy of the ledger, such as a backup, can not sign for it.
 */
export function keyPath(path: string): string {
  return `${path}-key`;
}

/** Writes a new key file, for its owner alone, whole or not at all. @throws LedgerPathError when there is one already. */
export function writeKeyFile(path: string, secret: Uint8Array): void {
  const partial = `${path}-new`;
  try {
    rmSync(partial, { force: true });
    writeFileSync(partial, `${PREFIX}${Buffer.from(secret).toString('hex')}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    linkSync(partial, path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new LedgerPathError('LEDGER_EXISTS', path);
    throw new LedgerUnavailableError('The key file of the ledger can not be written', { cause: error });
  } finally {
    rmSync(partial, { force: true });
  }
}

/** @throws LedgerUnavailableError when it can not be read, RangeError when it holds no key. */
export function readKeyFile(path: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new LedgerUnavailableError('The key file of the ledger can not be read', { cause: error });
  }
  const hex = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new RangeError('The key file of the ledger holds no key');
  return Uint8Array.from(Buffer.from(hex, 'hex').subarray(0, SECRET));
}
