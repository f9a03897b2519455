import {
  type CommandId,
  decision,
  type Decision,
  emptyLogDigest,
  extendLogDigest,
  type Genesis,
  type Hex,
  judge,
  noMarks,
  participant,
  type Participant,
  type ReadState,
  type StateValue,
  type Verdict,
  type Verification,
  verifyCommand,
} from '@medseal/protocol';
import { LedgerDivergedError } from '../errors/ledger-diverged-error.ts';
import type { Cursor, LedgerEntry } from '../ports/ledger.ts';
import { NO_COMPARTMENT, NO_EPOCH } from '../seal/inbox.ts';
import { listScope, parseRecordList } from '../seal/record-list.ts';
import { entryMarks } from './entry-marks.ts';
import type { GrantView, RecordView, RequestView, ViewEntry } from './facts.ts';
import { KnownFacts } from './known-facts.ts';

/**
 * What a log means, computed by the rules of `@medseal/protocol` from its entries alone. Trusts nobody: it verifies
 * every signature, judges every command again and compares the outcome.
 */
export class Projection {
  readonly genesis: Genesis;
  readonly #state = new Map<string, StateValue>();
  readonly #entries: ViewEntry[] = [];
  // Digests are kept for ever: on a ledger whose times may step back, "until validUntil" would be too short.
  readonly #first = new Map<CommandId, ViewEntry>();
  readonly #facts = new KnownFacts();
  readonly #lists = new Map<Hex, readonly Hex[]>();
  #clock = 0;
  #cursor: Cursor | undefined;
  #digest = emptyLogDigest;

  constructor(genesis: Genesis) {
    this.genesis = genesis;
  }

  /** The greatest ledger time seen, seconds. */
  get clock(): number {
    return this.#clock;
  }

  get cursor(): Cursor | undefined {
    return this.#cursor;
  }

  /** All entries, in the order of the log, repeats included. */
  get entries(): readonly ViewEntry[] {
    return this.#entries;
  }

  /** Digest of all entries so far: equal for all honest readers of the same log, whatever ledger keeps it. */
  get logDigest(): Uint8Array {
    return this.#digest.slice();
  }

  readonly read: ReadState = (key) => this.#state.get(key.path);

  participant(id: Hex): Participant | undefined {
    return this.#state.get(participant.key(id).path) as Participant | undefined;
  }

  decision(patient: Hex, request: Hex): Decision | undefined {
    return this.#state.get(decision.key(patient, request).path) as Decision | undefined;
  }

  /** Digest of a participant's present key document: attested at registration, or put in its place by a rotation. */
  keyDocument(id: Hex): Hex | undefined {
    return this.#facts.keyDocuments.get(id);
  }

  /**
   * Present epoch of a patient's compartment: 1, and one more for each grant of this scope that she has revoked. Counted
   * from the log alone, so her devices, her authors and all holders agree.
   */
  epoch(patient: Hex, compartment: Hex): number {
    if (compartment === NO_COMPARTMENT) return NO_EPOCH;
    return this.#facts.epoch(patient, compartment);
  }

  /** The first entry of a command. */
  entry(id: CommandId): ViewEntry | undefined {
    return this.#first.get(id);
  }

  record(id: Hex): RecordView | undefined {
    return this.#facts.records.get(id);
  }

  records(): IterableIterator<RecordView> {
    return this.#facts.records.values();
  }

  request(id: CommandId): RequestView | undefined {
    return this.#facts.requests.get(id);
  }

  requests(): IterableIterator<RequestView> {
    return this.#facts.requests.values();
  }

  grant(patient: Hex, id: Hex): GrantView | undefined {
    return this.#facts.grant(patient, id);
  }

  /** Times of all applied uses of a patient's grants by an actor, in the order of the log, repeats left out. */
  usesBy(actor: Hex, patient: Hex): readonly number[] {
    return this.#facts.uses(actor, patient);
  }

  grants(): IterableIterator<GrantView> {
    return this.#facts.grants();
  }

  /**
   * Learns which records the grants with this list's root as their scope cover. A list is known by its root alone, so
   * none can be passed off for another. It is no part of the log: marks of entries never depend on it.
   *
   * @returns the scope.
   * @throws MalformedObjectError
   */
  learnRecords(list: Uint8Array): Hex {
    const parsed = parseRecordList(list);
    const scope = listScope(parsed);
    this.#lists.set(scope, parsed.records);
    return scope;
  }

  /** Ids of the records of a scope; `undefined` where it is a compartment's or the list was never learnt. */
  listedRecords(scope: Hex): readonly Hex[] | undefined {
    return this.#lists.get(scope);
  }

  /**
   * Takes the next entry of the log, or throws and stays as it was.
   *
   * @throws LedgerDivergedError when the entry does not follow from the rules and the entries before it.
   */
  apply(entry: LedgerEntry): ViewEntry {
    const index = this.#entries.length;
    const claimed = LedgerDivergedError.describe(entry.violation ? 'violation' : 'applied', entry.violation);
    const verified = this.verify(entry.wire);
    const verdict: Verdict = 'outcome' in verified ? verified : judge(verified, entry.time, this.read);
    const code = verdict.outcome === 'applied' ? undefined : verdict.code;
    if ('outcome' in verified || verdict.outcome === 'rejected' || code !== entry.violation)
      throw new LedgerDivergedError(index, claimed, LedgerDivergedError.describe(verdict.outcome, code));

    const { id, command } = verified;
    const repeat = this.#first.has(id);
    const marks = repeat || entry.violation !== undefined ? noMarks : entryMarks(this, command);
    const { cursor, time, violation } = entry;
    const seen: ViewEntry = { index, cursor, time, id, command, violation, repeat, ...marks };
    if (verdict.outcome === 'applied') {
      for (const { key, value } of verdict.writes) this.#state.set(key.path, value);
    }
    if (!repeat) {
      this.#first.set(id, seen);
      if (violation === undefined) this.#facts.remember(seen);
    }
    this.#entries.push(seen);
    this.#clock = Math.max(this.#clock, time);
    this.#cursor = cursor;
    this.#digest = extendLogDigest(this.#digest, entry);
    return seen;
  }

  /** First half of the rules: bytes and signatures. */
  protected verify(wire: Uint8Array): Verification {
    return verifyCommand(wire, this.genesis);
  }
}
