import { isMedsealError } from '@medseal/protocol';
import type { ConfigIssue } from '../../errors/config-error.ts';
import { UnavailableSecretError } from '../../errors/unavailable-secret-error.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import type { SecretReference } from './fields.ts';
import type { PlacedSecret, Planning } from './plan.ts';

export interface SecretOptions extends CallOptions {
  /** Folder that relative paths start from; that of the process when absent. */
  readonly base?: string | undefined;
}

/** Gives the secret behind a reference. @throws UnavailableSecretError when it is not there or may not be used. */
export type SecretResolver = (reference: SecretReference, options: SecretOptions) => Promise<string>;

/** What resolves when the application has named nothing that could. */
export const noSecrets: SecretResolver = () =>
  Promise.reject(new UnavailableSecretError('The application passes no `secrets` to openNetwork'));

/** Asks for every secret once before anything is opened, so that a missing one is found early, and forgets it at once. */
export async function checkSecrets(
  { secrets, causes }: Planning,
  resolve: SecretResolver,
  options: SecretOptions,
): Promise<readonly ConfigIssue[]> {
  const tried = await Promise.all(
    secrets.map(async ({ path, reference }): Promise<ConfigIssue | undefined> => {
      try {
        await resolve(reference, options);
        return undefined;
      } catch (cause) {
        options.signal?.throwIfAborted();
        causes.push(cause);
        return describe({ path, reference }, cause);
      }
    }),
  );
  return tried.filter((issue) => issue !== undefined);
}

/** Names that nobody has mistaken for the place of the secret itself. */
const PLAIN_NAME = /^[A-Z][A-Z_]{0,39}[0-9]{0,2}$/;

function describe({ path, reference }: PlacedSecret, cause: unknown): ConfigIssue {
  const name = 'env' in reference && PLAIN_NAME.test(reference.env) ? `"env": "${reference.env}"` : '…';
  // What others say in their messages is unknown, so it stays in the cause.
  const own = isMedsealError(cause) && cause.code === 'SECRET_UNAVAILABLE';
  const why = own ? `: ${cause.message}` : '';
  return {
    path,
    found: `{ ${name} }, which cannot be resolved${why}`,
    allowed: 'a reference to a secret that is there',
  };
}
