import { LedgerView, RejectedError, usedOutsideList } from '@medseal/core';
import {
  commands,
  emptyLogDigest,
  extendLogDigest,
  isLedgerCode,
  type StateKey,
  stateReads,
  type StateValue,
  toHex,
} from '@medseal/protocol';
import type { LedgerUnderTest } from '../drivers/ledger-driver.ts';
import { sequencePlayer, type SequencePlayer } from '../sequence/sequence-player.ts';
import { answerOf, answerOfEntry, ExpectedLog } from './expected-log.ts';
import { Labels } from './labels.ts';
import { entryFacts, failureOf, type FinalObservation, type Observation } from './observation.ts';
import type { RoutedStep } from './routed-step.ts';

/** One ledger in a comparison: what the rules expect of it, and what it does. */
export class Contender implements AsyncDisposable {
  readonly name: string;
  readonly player: SequencePlayer;
  readonly #under: LedgerUnderTest;
  readonly #view: LedgerView;
  readonly #labels = new Labels();
  readonly #expected = new ExpectedLog();
  /** State that any command has named so far, written or not. */
  readonly #keys = new Map<string, StateKey<StateValue>>();
  /** Entries expected since the last look at the log. */
  readonly #pending: unknown[] = [];

  constructor(name: string, under: LedgerUnderTest, start: number, gap: number) {
    this.name = name;
    this.player = sequencePlayer(under.ledger.genesis, start, { gap });
    this.#under = under;
    this.#view = new LedgerView(under.ledger);
  }

  /** What the rules say of a step. Each step is predicted once, in order, and then taken. */
  predict(step: RoutedStep): Observation {
    const { number, id, verdict, route, look } = step;
    if (id !== undefined) this.#labels.add(id, number);
    const first = route === 'submit again' && id !== undefined ? this.#expected.first.get(id) : undefined;
    const entry = first === undefined ? this.#expected.enter(step) : undefined;
    if (entry !== undefined) this.#pending.push(entryFacts(entry));
    const receipt = route === 'raw' ? undefined : (first ?? entry);
    for (const key of namedBy(step)) this.#keys.set(key.path, key);
    return this.#canonical({
      answer: first === undefined ? answerOf(verdict) : answerOfEntry(first),
      receipt: receipt && { id: receipt.id, time: receipt.time },
      state: stateOf(changedBy(step), (key) => this.#expected.state.get(key.path)?.value),
      ...(look ? { entries: this.#pending.splice(0), log: AS_IMPLIED } : {}),
    });
  }

  /** What the ledger makes of a step. */
  async take(step: RoutedStep): Promise<Observation> {
    await this.#under.setTime(step.time);
    const sent = await this.#send(step).catch((error: unknown) => ({ answer: failureOf(error), receipt: undefined }));
    const state = await this.#stored(changedBy(step));
    if (!step.look) return this.#canonical({ ...sent, state });
    const entries = await this.#news();
    return this.#canonical({ ...sent, state, entries, log: this.#compareLog(this.#view.logDigest) });
  }

  /** What the rules say of the whole ledger. */
  predictEnd(): FinalObservation {
    const state = stateOf([...this.#keys.values()], (key) => this.#expected.state.get(key.path)?.value);
    const entries = [...this.#expected.first.values()].map(entryFacts);
    return this.#canonical({ state, implied: state, entries, log: AS_IMPLIED });
  }

  /** What the whole ledger is. */
  async observeEnd(): Promise<FinalObservation> {
    const keys = [...this.#keys.values()];
    await this.#news();
    const state = await this.#stored(keys);
    const implied = stateOf(keys, this.#view.read);
    const entries = this.#view.entries.filter(({ repeat }) => !repeat).map(entryFacts);
    const log = await this.#readAgain().then((digest) => this.#compareLog(digest), failureOf);
    return this.#canonical({ state, implied, entries, log });
  }

  /** What a reader makes of the log: records, requests, grants, marks; and of its uses, once he is told the lists. */
  readings(): Readonly<Record<string, unknown>> {
    for (const { bytes } of this.player.lists) this.#view.learnRecords(bytes);
    const entries = this.#view.entries.filter(({ repeat }) => !repeat);
    return this.#canonical({
      marks: entries.map(({ holder, unchecked }) => ({ holder, unchecked })),
      outsideLists: entries.map((entry) => usedOutsideList(this.#view, entry)),
      records: [...this.#view.records()],
      requests: [...this.#view.requests()],
      grants: [...this.#view.grants()],
    });
  }

  /** A value in names that are the same on every ledger. */
  label(value: unknown): unknown {
    return this.#labels.applyTo(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#under[Symbol.asyncDispose]();
  }

  async #send({ route, wire }: RoutedStep): Promise<Pick<Observation, 'answer' | 'receipt'>> {
    if (route === 'raw') return { answer: answerOf(await this.#under.sendRaw(wire)), receipt: undefined };
    try {
      const submission = await this.#under.ledger.submit(wire);
      const { id, time, violation } = await submission.committed();
      return { answer: answerOfEntry({ violation }), receipt: { id, time } };
    } catch (error) {
      if (!(error instanceof RejectedError) || !isLedgerCode(error.code)) throw error;
      return { answer: { outcome: 'rejected', code: error.code }, receipt: undefined };
    }
  }

  async #stored(keys: readonly StateKey<StateValue>[]): Promise<unknown> {
    try {
      const values = await Promise.all(keys.map((key) => this.#under.readState(key)));
      return stateOf(keys, (key) => values[keys.indexOf(key)]);
    } catch (error) {
      return failureOf(error);
    }
  }

  async #news(): Promise<unknown> {
    const known = this.#view.entries.length;
    try {
      await this.#view.sync();
    } catch (error) {
      return failureOf(error);
    }
    return this.#view.entries.slice(known).map(entryFacts);
  }

  async #readAgain(): Promise<Uint8Array> {
    let digest = emptyLogDigest;
    for await (const entry of this.#under.ledger.entries()) digest = extendLogDigest(digest, entry);
    return digest;
  }

  #compareLog(digest: Uint8Array): string {
    return toHex(digest) === this.#expected.digest ? AS_IMPLIED : 'another';
  }

  #canonical<T>(value: T): T {
    return this.#labels.applyTo(value) as T;
  }
}

const AS_IMPLIED = 'as the rules imply';

/** State that the command of a step reads or writes. */
function namedBy({ id, command }: RoutedStep): readonly StateKey<StateValue>[] {
  return id === undefined || command === undefined
    ? []
    : stateReads({ id, command, definition: commands[command.type] });
}

/** State that is looked at after a step. What was refused sends nothing: a trace of it shows at the end. */
function changedBy(step: RoutedStep): readonly StateKey<StateValue>[] {
  if (step.verdict.outcome === 'rejected') return [];
  return [...new Map(namedBy(step).map((key) => [key.path, key])).values()];
}

function stateOf(
  keys: readonly StateKey<StateValue>[],
  read: (key: StateKey<StateValue>) => StateValue | undefined,
): Readonly<Record<string, StateValue | 'absent'>> {
  return Object.fromEntries(keys.map((key) => [key.path, read(key) ?? 'absent']));
}
