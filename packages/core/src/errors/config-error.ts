import { MedsealError } from '@medseal/protocol';

/** One thing that is wrong with a configuration. Holds no secret and no value of a field that nobody knows. */
export interface ConfigIssue {
  /** Place of the field, such as `store.copies[1].directory`; `''` is the whole configuration. */
  readonly path: string;
  /** What stands there: a kind of value, or the value where it cannot be a secret. */
  readonly found: string;
  /** What may stand there. */
  readonly allowed: string;
}

/** The configuration is wrong. Nothing was opened. Says everything that is wrong, not only the first. */
export class ConfigError extends MedsealError {
  readonly name = 'ConfigError';
  readonly code = 'INVALID_CONFIG';
  readonly retryable = false;
  /** In the order of the configuration's paths. */
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[], options?: ErrorOptions) {
    const lines = issues.map(
      ({ path, found, allowed }) => `${path || '(whole)'}: found ${found}, allowed is ${allowed}`,
    );
    super(`The configuration is wrong.\n${lines.join('\n')}`, options);
    this.issues = issues;
  }
}
