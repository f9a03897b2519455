import { signCommand } from '@medseal/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { logVerifiers, SignedLog } from '../../test/signed-log.ts';
import { SmallWorld, testWord } from '../../test/small-world.ts';
import { memoryProxyState } from '../memory/memory-proxy-state.ts';
import type { Ledger, LedgerEntry } from '../ports/ledger.ts';
import { LedgerView } from '../view/ledger-view.ts';
import { addSignatures } from './add-signatures.ts';
import type { CheckpointState } from './checkpoint-state.ts';
import { cosign } from './cosign.ts';
import { ed25519NoteSigner } from './note-signer.ts';
import { noteVerifier } from './note-verifier.ts';
import { signNote } from './sign-note.ts';
import { ed25519WitnessSigner } from './witness-signer.ts';
import { witnessVerifier } from './witness-verifier.ts';
import { witnessedLedger, type WitnessedLedgerOptions } from './witnessed-ledger.ts';

const failing = (failed: string): unknown => expect.objectContaining({ name: 'UnverifiedLogError', failed });
const rewritten: unknown = expect.objectContaining({ code: 'LEDGER_REWRITTEN' });
const [one, two, three] = ([1, 2, 3] as const).map((n) =>
  ed25519WitnessSigner({ name: `witness.example/${n}`, secretKey: new Uint8Array(32).fill(n) }),
);
if (one === undefined || two === undefined || three === undefined) throw new Error('There are three witnesses');
const requireWitnesses = { verifiers: [one, two, three].map((w) => witnessVerifier(w.verifierKey)), quorum: 2 };

let world: SmallWorld;
let log: SignedLog;
let now: number;

/** People who are registered, and then in the signed log. */
async function commit(...names: readonly string[]): Promise<void> {
  for (const name of names) await world.person(name);
  await log.grow(world.ledger);
}

/** Two witnesses cosign the log as it is, or was at a size. */
function cosignAll(size = log.size, witnesses = [one, two]): void {
  const note = log.checkpoint(size);
  for (const each of witnesses) if (each !== undefined) log.keep(addSignatures(note, cosign(note, each, now)));
}

function holder(options: Partial<WitnessedLedgerOptions> = {}): Ledger {
  return witnessed(provable(options.ledger ?? world.ledger), options);
}

function witnessed(ledger: Ledger, options: Partial<WitnessedLedgerOptions> = {}): Ledger {
  return witnessedLedger({
    checkpoints: log,
    verifiers: logVerifiers,
    requireWitnesses,
    pollInterval: 1,
    clock: () => now,
    ...options,
    ledger,
  });
}

/** The ledger in memory, with proofs. */
function provable(ledger: Ledger): Ledger {
  return {
    genesis: ledger.genesis,
    supports: { finalityDelay: 0, proof: 'c2sp-tlog' },
    submit: (wire, options) => ledger.submit(wire, options),
    submission: (id) => ledger.submission(id),
    entries: (options) => ledger.entries(options),
    head: (options) => ledger.head(options),
    prove: (id) => Promise.resolve(log.prove(ledger, id)),
    [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
  };
}
const entriesOf = (ledger: Ledger, after?: string): Promise<LedgerEntry[]> =>
  Array.fromAsync(ledger.entries({ after }));

beforeEach(() => {
  world = new SmallWorld();
  log = new SignedLog();
  now = 1_800_000_000;
});

describe('entries of a witnessed ledger', () => {
  it('come as far as enough witnesses have cosigned, and no further', async () => {
    await commit('a', 'b', 'c');
    cosignAll(2);
    cosignAll(3, [three]);
    const ledger = holder();
    const all = await entriesOf(world.ledger);
    expect(await entriesOf(ledger)).toEqual(all.slice(0, 2));
    cosignAll(3, [one]);
    expect(await entriesOf(ledger)).toEqual(all);
    expect(await entriesOf(ledger, all[1]?.cursor)).toEqual(all.slice(2));
    expect(await entriesOf(ledger, all[2]?.cursor)).toEqual([]);
  });

  it('fail, to be tried again, while there is no cosigned checkpoint', async () => {
    await commit('a');
    const ledger = holder();
    await expect(entriesOf(ledger)).rejects.toEqual(failing('witnesses'));
    await expect(entriesOf(ledger)).rejects.toMatchObject({ retryable: true });
    await expect(ledger.head()).rejects.toEqual(failing('witnesses'));
    cosignAll();
    expect(await entriesOf(ledger)).toHaveLength(1);
  });

  it('wait for cosignatures when followed, until the signal aborts or the ledger is closed', async () => {
    await commit('a');
    const ledger = holder();
    const stop = new AbortController();
    const seen: LedgerEntry[] = [];
    const following = (async () => {
      for await (const entry of ledger.entries({ follow: true, signal: stop.signal })) seen.push(entry);
    })();
    cosignAll();
    await expect.poll(() => seen.length, { interval: 2 }).toBe(1);
    await commit('b', 'c');
    cosignAll();
    await expect.poll(() => seen.length, { interval: 2 }).toBe(3);
    stop.abort(new Error('enough'));
    await expect(following).rejects.toThrow('enough');
    const second = Array.fromAsync(ledger.entries({ follow: true }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await ledger[Symbol.asyncDispose]();
    expect(await second).toHaveLength(3);
    await expect(entriesOf(ledger)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  });

  it('are found behind any cursor, and a cursor of another log is refused', async () => {
    await commit('a', 'b', 'c', 'd');
    cosignAll();
    const all = await entriesOf(world.ledger);
    for (const [index, { cursor }] of all.entries())
      expect(await entriesOf(holder(), cursor)).toEqual(all.slice(index + 1));
    await expect(entriesOf(holder(), '17')).rejects.toEqual(rewritten);
  });

  it('are not given when they are not those that were signed', async () => {
    await commit('a', 'b');
    cosignAll();
    const other = new SmallWorld();
    await other.person('a');
    other.time += 1;
    await other.person('b');
    await expect(entriesOf(holder({ ledger: other.ledger }))).rejects.toEqual(failing('root'));
    const shorter = new SmallWorld();
    await shorter.person('a');
    await expect(entriesOf(holder({ ledger: shorter.ledger }))).rejects.toEqual(rewritten);
  });

  it('feed a view', async () => {
    await commit('a', 'b');
    cosignAll();
    const view = new LedgerView(holder());
    await view.sync();
    await commit('c');
    await view.sync();
    expect(view.entries).toHaveLength(2);
    cosignAll();
    await view.sync();
    expect(view.entries).toHaveLength(3);
  });
});

describe('a holder', () => {
  /** The operator's other log: the same key, the same first entry. */
  async function fork(...names: readonly string[]): Promise<{ ledger: Ledger; checkpoints: SignedLog }> {
    const [other, checkpoints] = [new SmallWorld(), new SignedLog()];
    await other.person('a');
    other.time += 5;
    for (const name of names) await other.person(name);
    await checkpoints.grow(other.ledger);
    return { ledger: other.ledger, checkpoints };
  }

  it('refuses the other side of a split log, also when enough witnesses were deceived', async () => {
    await commit('a', 'b', 'c');
    cosignAll();
    const state = memoryProxyState();
    expect(await entriesOf(holder({ state }))).toHaveLength(3);
    for (const names of [
      ['x', 'y'],
      ['x', 'y', 'z'],
    ]) {
      const other = await fork(...names);
      const note = other.checkpoints.checkpoint();
      for (const witness of [one, two]) other.checkpoints.keep(addSignatures(note, cosign(note, witness, now)));
      await expect(entriesOf(holder({ state, ...other }))).rejects.toEqual(rewritten);
    }
  });

  it('notices the other side of a split log before anybody has cosigned it', async () => {
    await commit('a', 'b', 'c');
    cosignAll();
    const state = memoryProxyState();
    await entriesOf(holder({ state }));
    const other = await fork('x', 'y');
    const checkpoints = {
      checkpoint: () => other.checkpoints.checkpoint(),
      cosigned: () => log.cosigned(),
      consistency: log.consistency.bind(log),
    };
    await expect(entriesOf(holder({ state, checkpoints }))).rejects.toEqual(rewritten);
  });

  it('sees nothing of the other side when witnesses are honest', async () => {
    await commit('a', 'b', 'c');
    cosignAll();
    const other = await fork('x', 'y', 'z');
    await expect(entriesOf(holder({ ...other }))).rejects.toEqual(failing('witnesses'));
  });

  it('refuses a log that went back, also after a restart', async () => {
    await commit('a', 'b', 'c');
    cosignAll();
    const state = memoryProxyState();
    const ledger = holder({ state });
    await entriesOf(ledger);
    const older = new SignedLog();
    const before = new SmallWorld();
    for (const name of ['a', 'b']) await before.person(name);
    await older.grow(before.ledger);
    const note = older.checkpoint();
    older.keep(addSignatures(note, cosign(note, one, now) + cosign(note, two, now)));
    await expect(entriesOf(holder({ state, ledger: before.ledger, checkpoints: older }))).rejects.toEqual(rewritten);
    await expect(entriesOf(holder({ state, checkpoints: older }))).rejects.toThrow('The log is shorter than it was');
    // One who never saw more can not know.
    expect(await entriesOf(holder({ ledger: before.ledger, checkpoints: older }))).toHaveLength(2);
  });

  it('does not go over to a log of another name, though it has the key of both and they hold the same', async () => {
    await commit('a');
    cosignAll();
    const stranger = ed25519NoteSigner({ name: 'example.org/other', secretKey: new Uint8Array(32) });
    const verifiers = [...logVerifiers, noteVerifier(stranger.verifierKey)];
    const state = memoryProxyState();
    await entriesOf(holder({ state, verifiers }));
    const text = log.checkpoint().slice(0, log.checkpoint().indexOf('\n\n') + 1);
    const other = signNote(text.replace(/^.*/, stranger.name), [stranger]);
    const checkpoints = { checkpoint: () => other, cosigned: () => [], consistency: log.consistency.bind(log) };
    await expect(entriesOf(holder({ state, verifiers, checkpoints }))).rejects.toEqual(rewritten);
  });

  it('keeps what it accepted when the log drops the cosignatures', async () => {
    await commit('a', 'b');
    cosignAll();
    const ledger = holder();
    await entriesOf(ledger);
    log.forget();
    await commit('c');
    expect(await entriesOf(ledger)).toHaveLength(2);
  });

  it('takes no old cosignatures where it asks for young ones', async () => {
    await commit('a');
    cosignAll();
    const ledger = holder({ requireWitnesses: { ...requireWitnesses, maxAge: 60 } });
    now += 60;
    expect(await entriesOf(ledger)).toHaveLength(1);
    now += 1;
    await expect(entriesOf(ledger)).rejects.toEqual(failing('witnesses'));
    cosignAll();
    expect(await entriesOf(ledger)).toHaveLength(1);
  });

  it('does not go back to a smaller checkpoint that was cosigned later', async () => {
    await commit('a', 'b', 'c');
    cosignAll();
    const state = memoryProxyState();
    const options = { state, requireWitnesses: { ...requireWitnesses, quorum: 1, maxAge: 60 } };
    const ledger = holder(options);
    expect(await entriesOf(ledger)).toHaveLength(3);
    const saved = await state.load();
    now += 61;
    cosignAll(2, [three]);
    await expect(entriesOf(ledger)).rejects.toEqual(failing('witnesses'));
    await expect(entriesOf(holder(options))).rejects.toEqual(failing('witnesses'));
    expect(await state.load()).toEqual(saved);
  });

  it('saves before it believes, and does not begin anew with a damaged memory', async () => {
    await commit('a');
    cosignAll();
    const full: CheckpointState = {
      load: () => Promise.resolve(undefined),
      save: () => Promise.reject(new Error('disk full')),
    };
    await expect(entriesOf(holder({ state: full }))).rejects.toThrow('disk full');
    const damaged: CheckpointState = { ...full, load: () => Promise.resolve(new Uint8Array(9)) };
    await expect(entriesOf(holder({ state: damaged }))).rejects.toMatchObject({ code: 'MALFORMED_OBJECT' });
  });

  it('believes no checkpoint that the log did not sign', async () => {
    await commit('a');
    cosignAll();
    await expect(entriesOf(holder({ verifiers: [] }))).rejects.toEqual(failing('signer'));
  });

  it('names as many witnesses as it asks for', () => {
    expect(() => holder({ requireWitnesses: { ...requireWitnesses, quorum: 4 } })).toThrow(RangeError);
    expect(() => holder({ cosigningDelay: -1 })).toThrow(RangeError);
    expect(holder({ cosigningDelay: 30 }).supports.finalityDelay).toBe(30);
  });
});

describe('head and submissions', () => {
  it('know the last entry that is covered', async () => {
    await commit('a', 'b', 'c');
    cosignAll(2);
    const ledger = holder();
    const [, second, third] = await entriesOf(world.ledger);
    expect((await ledger.head()).cursor).toBe(second?.cursor);
    cosignAll();
    expect((await ledger.head()).cursor).toBe(third?.cursor);
    expect((await ledger.head()).cursor).toBe(third?.cursor);
  });

  it('have no last entry in an empty log', async () => {
    cosignAll(0);
    expect((await holder().head()).cursor).toBeUndefined();
  });

  it('are final when enough witnesses have cosigned', async () => {
    const [patient, doctor] = [await world.person('a'), await world.person('b', ['provider'])];
    await log.grow(world.ledger);
    cosignAll();
    const ledger = holder();
    const wire = await signCommand(
      {
        type: 'requestAccess',
        actor: doctor.id,
        patient: patient.id,
        level: 'private',
        newData: false,
        until: world.time + 100,
        terms: testWord(1),
        validUntil: world.time + 60,
      },
      ledger.genesis.domain,
      doctor.signer,
    );
    const submission = await ledger.submit(wire);
    const receipt = await submission.committed();
    await log.grow(world.ledger);
    let isFinal = false;
    const final = submission.final().then((given) => {
      isFinal = true;
      return given;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isFinal).toBe(false);
    cosignAll();
    expect(await final).toEqual(receipt);
    expect(await (await ledger.submit(wire)).final()).toEqual(receipt);
  });

  it('are not final by the proof of another entry', async () => {
    const doctor = await world.person('a', ['provider']);
    const patient = await world.person('b');
    const ask = { type: 'requestAccess', patient: patient.id, level: 'private', newData: false } as const;
    const [first, second] = [
      await world.act(doctor, { ...ask, until: world.time + 100, terms: testWord(1) }),
      await world.act(doctor, { ...ask, until: world.time + 100, terms: testWord(2) }),
    ];
    await log.grow(world.ledger);
    cosignAll();
    const lying = { ...provable(world.ledger), prove: async () => log.prove(world.ledger, first.id) };
    const ledger = witnessed(lying);
    expect(await ledger.submission(first.id).final()).toEqual(first);
    await expect(ledger.submission(second.id).final()).rejects.toEqual(failing('command'));
  });

  it('are not final by a proof from the other side of a split log', async () => {
    const [patient, doctor] = [await world.person('a'), await world.person('b', ['provider'])];
    const ask = {
      type: 'requestAccess',
      patient: patient.id,
      level: 'private',
      newData: false,
      until: world.time + 100,
      terms: testWord(1),
    } as const;
    const other = { world: new SmallWorld(), log: new SignedLog() };
    for (const name of ['a', 'x'] as const) await other.world.person(name, name === 'x' ? ['provider'] : ['patient']);
    other.world.time += 1;
    await other.world.person('late');
    const { id } = await world.act(doctor, ask);
    await commit('c', 'd', 'e');
    cosignAll();
    const command = { ...ask, actor: doctor.id, validUntil: world.time + 60 };
    await other.world.send(command, doctor.signer);
    await other.log.grow(other.world.ledger);
    const lying = { ...provable(world.ledger), prove: async () => other.log.prove(other.world.ledger, id) };
    const ledger = witnessed(lying);
    await expect(ledger.submission(id).final()).rejects.toEqual(rewritten);
  });
});
