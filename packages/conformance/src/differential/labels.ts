import type { CommandId } from '@medseal/protocol';

/**
 * Names for the ids of commands. An id holds the ledger's domain, so the same command has another id on each ledger;
 * its label is the same on all.
 */
export class Labels {
  readonly #labels = new Map<string, string>();

  /** Names the command of this step, unless it was sent before. */
  add(id: CommandId, step: number): void {
    if (!this.#labels.has(id)) this.#labels.set(id, `command of step ${step}`);
  }

  /** A copy in which ids, also within paths and keys, are replaced by their labels. */
  applyTo(value: unknown): unknown {
    if (typeof value === 'string')
      return value
        .split('/')
        .map((part) => this.#labels.get(part) ?? part)
        .join('/');
    if (Array.isArray(value)) return value.map((one) => this.applyTo(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [this.applyTo(name), this.applyTo(field)] as const),
    );
  }
}
