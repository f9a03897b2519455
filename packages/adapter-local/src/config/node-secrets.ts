import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type SecretResolver, UnavailableSecretError } from '@medseal/core/adapter';

/** No secret is longer: whoever names a file of this size has named another file. */
const MAX_BYTES = 64 * 1024;

export interface NodeSecretsOptions {
  /** Environment variables; those of the process by default. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Secret files that others than their owner may read: refused by default. `allow` takes them, as container platforms
   * mount them so; a function takes them too and is told the path, for a warning.
   */
  readonly openFiles?: 'refuse' | 'allow' | ((path: string) => void) | undefined;
}

/**
 * Resolves the secrets of a configuration from environment variables and files. A file is UTF-8 text; one line end at
 * its end does not belong to the secret. Nothing is kept: each call looks anew.
 *
 * @returns what rejects with UnavailableSecretError when a secret is not there, empty, or open to others.
 */
export function nodeSecrets({ env = process.env, openFiles = 'refuse' }: NodeSecretsOptions = {}): SecretResolver {
  return async (reference, { base = '', signal }) => {
    signal?.throwIfAborted();
    const secret =
      'env' in reference ? variable(env, reference.env) : await readSecret(resolve(base, reference.file), openFiles);
    if (secret === undefined) throw new UnavailableSecretError('The environment variable is not set');
    if (secret === '') throw new UnavailableSecretError('The secret is empty');
    return secret;
  };
}

/** What every object inherits, such as `constructor`, is no variable. */
function variable(env: NonNullable<NodeSecretsOptions['env']>, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

async function readSecret(path: string, openFiles: NonNullable<NodeSecretsOptions['openFiles']>): Promise<string> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (cause) {
    throw new UnavailableSecretError(`The file ${path} cannot be opened`, { cause });
  }
  try {
    // Of the open file: its name may lead to another one by now.
    const { mode, size } = await file.stat();
    if ((mode & 0o170000) !== 0o100000) throw new UnavailableSecretError(`${path} is not a file`);
    if (size > MAX_BYTES) throw new UnavailableSecretError(`The file ${path} is too long for a secret`);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) report(path, openFiles);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile());
    return text.replace(/\r?\n$/, '');
  } catch (cause) {
    if (cause instanceof UnavailableSecretError) throw cause;
    throw new UnavailableSecretError(`The file ${path} cannot be read as text`, { cause });
  } finally {
    await file.close();
  }
}

function report(path: string, openFiles: NonNullable<NodeSecretsOptions['openFiles']>): void {
  if (openFiles === 'allow') return;
  if (openFiles === 'refuse')
    throw new UnavailableSecretError(`Others than its owner may use the file ${path}: take that from them (chmod 600)`);
  openFiles(path);
}
