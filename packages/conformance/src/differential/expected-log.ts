import {
  type Command,
  type CommandId,
  emptyLogDigest,
  extendLogDigest,
  type LedgerCode,
  type StateKey,
  type StateValue,
  toHex,
} from '@medseal/protocol';
import type { Answer } from '../drivers/ledger-driver.ts';
import type { Step } from '../sequence/world.ts';

/** An entry that the rules imply. */
export interface ExpectedEntry {
  readonly time: number;
  readonly id: CommandId;
  readonly command: Command;
  readonly violation: LedgerCode | undefined;
}

/** What the rules imply of one ledger after the steps so far. */
export class ExpectedLog {
  readonly state: Map<string, { readonly key: StateKey<StateValue>; readonly value: StateValue }> = new Map();
  /** The first entry of each command. */
  readonly first: Map<CommandId, ExpectedEntry> = new Map();
  #digest = emptyLogDigest;

  get digest(): string {
    return toHex(this.#digest);
  }

  /** Takes over a step that reaches the ledger, and gives the entry that the log gains. */
  enter({ verdict, time, wire, id, command }: Step): ExpectedEntry | undefined {
    if (verdict.outcome === 'rejected' || id === undefined || command === undefined) return undefined;
    const violation = verdict.outcome === 'violation' ? verdict.code : undefined;
    if (verdict.outcome === 'applied')
      for (const { key, value } of verdict.writes) this.state.set(key.path, { key, value });
    const entry = { time, id, command, violation };
    if (!this.first.has(id)) this.first.set(id, entry);
    this.#digest = extendLogDigest(this.#digest, { time, wire, violation });
    return entry;
  }
}

/** The answer to a command that stands in the log. */
export function answerOfEntry({ violation }: Pick<ExpectedEntry, 'violation'>): Answer {
  return violation === undefined ? { outcome: 'applied' } : { outcome: 'violation', code: violation };
}

/** Only what all ledgers say alike. */
export function answerOf(verdict: Answer): Answer {
  return verdict.outcome === 'applied' ? { outcome: 'applied' } : { outcome: verdict.outcome, code: verdict.code };
}
