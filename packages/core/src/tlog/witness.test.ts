import { beforeAll, describe, expect, it } from 'vitest';
import { logKey, logVerifiers, SignedLog } from '../../test/signed-log.ts';
import { SmallWorld } from '../../test/small-world.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { memoryProxyState } from '../memory/memory-proxy-state.ts';
import { addSignatures } from './add-signatures.ts';
import { askWitness, askWitnesses, witnessRequest } from './ask-witness.ts';
import { cosignatures } from './cosignatures.ts';
import { ed25519NoteSigner } from './note-signer.ts';
import { noteVerifier } from './note-verifier.ts';
import { checkpointText } from './checkpoint.ts';
import { signNote } from './sign-note.ts';
import { emptyRoot } from './tree-hash.ts';
import { type Witness, witness } from './witness.ts';
import { encodeWitnessRequest, parseWitnessRequest } from './witness-request.ts';
import { ed25519WitnessSigner } from './witness-signer.ts';
import { witnessVerifier } from './witness-verifier.ts';

const failing = (failed: string): unknown => expect.objectContaining({ name: 'UnverifiedLogError', failed });
const signer = ed25519WitnessSigner({ name: 'witness.example', secretKey: new Uint8Array(32).fill(1) });
const verifiers = [witnessVerifier(signer.verifierKey)];
const fresh = (state = memoryProxyState(), clock = (): number => 1_700_000_000): Witness =>
  witness({ signer, verifiers: logVerifiers, state, clock });

/** Two logs under one key: the same two entries, then others. */
const [log, fork] = [new SignedLog(), new SignedLog()];
beforeAll(async () => {
  for (const [each, names] of [
    [log, ['a', 'b', 'c', 'd', 'e']],
    [fork, ['a', 'b', 'x', 'y', 'z', 'w']],
  ] as const) {
    const world = new SmallWorld();
    for (const name of names) {
      if (name > 'w') world.time += 7;
      await world.person(name);
    }
    await each.grow(world.ledger);
  }
});

const at = (of: SignedLog, size: number): Parameters<typeof askWitness>[0] => ({
  checkpoint: () => of.checkpoint(size),
  consistency: (from, to) => of.consistency(from, to),
});

describe('a witness', () => {
  it('cosigns a log that grows, and says when', async () => {
    const one = fresh();
    expect(await one.latest()).toBeUndefined();
    for (const size of [0, 1, 2, 2, 5]) {
      const note = await askWitness(at(log, size), one);
      expect(cosignatures(note, verifiers)).toEqual([{ name: 'witness.example', time: 1_700_000_000 }]);
      expect((await one.latest())?.size).toBe(size);
    }
  });

  it('refuses the other side of a split log', async () => {
    const one = fresh();
    await askWitness(at(log, 3), one);
    await expect(askWitness(at(fork, 3), one)).rejects.toEqual(failing('consistency'));
    await expect(askWitness(at(fork, 6), one)).rejects.toEqual(failing('consistency'));
    const right = { checkpoint: () => fork.checkpoint(5), consistency: () => log.consistency(3, 5) };
    await expect(askWitness(right, one)).rejects.toEqual(failing('consistency'));
    expect((await one.latest())?.size).toBe(3);
    await askWitness(at(log, 5), one);
  });

  it('refuses an older copy of the log', async () => {
    const one = fresh();
    await askWitness(at(log, 4), one);
    await expect(askWitness(at(log, 3), one)).rejects.toEqual(failing('age'));
  });

  it('tells where it is when the proof begins elsewhere', async () => {
    const one = fresh();
    await askWitness(at(log, 2), one);
    const checkpoint = log.checkpoint(5);
    const conflict = expect.objectContaining({ code: 'WITNESS_CONFLICT', size: 2 });
    await expect(one.cosign({ oldSize: 0, proof: [], checkpoint })).rejects.toEqual(conflict);
    await expect(one.cosign({ oldSize: 3, proof: log.consistency(3, 5), checkpoint })).rejects.toEqual(conflict);
    await expect(one.cosign({ oldSize: 2, proof: [], checkpoint })).rejects.toEqual(failing('consistency'));
  });

  it('remembers over a restart, and does not begin anew with a damaged memory', async () => {
    const state = memoryProxyState();
    await askWitness(at(log, 3), fresh(state));
    await expect(askWitness(at(fork, 5), fresh(state))).rejects.toEqual(failing('consistency'));
    await askWitness(at(log, 5), fresh(state));
    await state.save(new Uint8Array(3));
    await expect(askWitness(at(log, 5), fresh(state))).rejects.toMatchObject({ code: 'MALFORMED_OBJECT' });
  });

  it('reads its memory again after it could not', async () => {
    const state = memoryProxyState();
    await askWitness(at(log, 3), fresh(state));
    let reads = 0;
    const load = (): ReturnType<typeof state.load> =>
      reads++ === 0 ? Promise.reject(new Error('disk away')) : state.load();
    const one = fresh({ ...state, load });
    await expect(one.latest()).rejects.toThrow('disk away');
    expect((await one.latest())?.size).toBe(3);
    await expect(askWitness(at(fork, 5), one)).rejects.toEqual(failing('consistency'));
  });

  it('has saved before it signs', async () => {
    const state = { ...memoryProxyState(), save: () => Promise.reject(new Error('disk full')) };
    const one = fresh(state);
    await expect(askWitness(at(log, 3), one)).rejects.toThrow('disk full');
    expect(await one.latest()).toBeUndefined();
  });

  it('answers one after the other', async () => {
    const one = fresh();
    const both = [log.checkpoint(3), fork.checkpoint(3)].map((checkpoint) =>
      one.cosign({ oldSize: 0, proof: [], checkpoint }),
    );
    const [first, second] = await Promise.allSettled(both);
    expect([first?.status, second?.status]).toEqual(['fulfilled', 'rejected']);
  });

  it('watches its own log only', async () => {
    const one = fresh();
    const text = checkpointText({ origin: 'example.org/other', size: 0, root: emptyRoot });
    const request = { oldSize: 0, proof: [] };
    const stranger = ed25519NoteSigner({ name: 'example.org/other', secretKey: new Uint8Array(32) });
    await expect(one.cosign({ ...request, checkpoint: signNote(text, [stranger]) })).rejects.toEqual(failing('signer'));
    await expect(one.cosign({ ...request, checkpoint: signNote(text, [logKey]) })).rejects.toEqual(failing('origin'));
  });

  it('does not go over to another log, though it has the key of both', async () => {
    const stranger = ed25519NoteSigner({ name: 'example.org/other', secretKey: new Uint8Array(32) });
    const both = [...logVerifiers, noteVerifier(stranger.verifierKey)];
    const one = witness({ signer, verifiers: both, state: memoryProxyState() });
    const [own = '', theirs = ''] = [logKey, stranger].map((each) =>
      signNote(checkpointText({ origin: each.name, size: 0, root: emptyRoot }), [each]),
    );
    await one.cosign({ oldSize: 0, proof: [], checkpoint: own });
    const moved = one.cosign({ oldSize: 0, proof: [], checkpoint: theirs });
    await expect(moved).rejects.toEqual(failing('origin'));
  });

  it('puts nothing else of the note in its answer', async () => {
    const line = await fresh().cosign({ oldSize: 0, proof: [], checkpoint: log.checkpoint(1) });
    expect(line).toMatch(/^— witness\.example [\w+/=]+\n$/);
    expect(cosignatures(addSignatures(log.checkpoint(1), line), verifiers)).toHaveLength(1);
  });
});

describe('several witnesses', () => {
  it('cosign one checkpoint, whoever of them refuses', async () => {
    const others = [2, 3].map((n) =>
      ed25519WitnessSigner({ name: `witness.example/${n}`, secretKey: new Uint8Array(32).fill(n) }),
    );
    const [ahead, ...rest] = [signer, ...others].map((each) =>
      witness({ signer: each, verifiers: logVerifiers, state: memoryProxyState(), clock: () => 5 }),
    );
    if (ahead === undefined) throw new Error('There are three witnesses');
    await askWitness(at(fork, 3), ahead);
    const refusals: unknown[] = [];
    let size = 4;
    const growing = { ...at(log, 0), checkpoint: () => log.checkpoint(size++) };
    const note = await askWitnesses(growing, [...rest, ahead], (error, from) => refusals.push(error, from));
    const known = [signer, ...others].map(({ verifierKey }) => witnessVerifier(verifierKey));
    expect(cosignatures(note, known)).toEqual(others.map(({ name }) => ({ name, time: 5 })));
    expect(refusals).toEqual([failing('consistency'), ahead]);
  });
});

describe('a request to a witness', () => {
  it('reads back from the form of C2SP tlog-witness', async () => {
    for (const size of [0, 2, 5]) {
      const request = await witnessRequest(at(log, 5), size);
      expect(request.proof.length > 0).toBe(size === 2);
      expect(parseWitnessRequest(encodeWitnessRequest(request))).toEqual(request);
    }
    expect(encodeWitnessRequest(await witnessRequest(at(log, 3), 1))).toMatch(
      /^old 1\n([\w+/]{43}=\n){2}\nexample\.org\/log\n3\n/,
    );
  });

  it.each([
    ['no old size', /old 1\n/, ''],
    ['a leading zero', 'old 1', 'old 01'],
    ['a hash cut short', /\n[\w+/]{43}=/, '\nAAAA'],
    ['64 hashes', 'old 1', `old 1\n${`${'A'.repeat(43)}=\n`.repeat(62)}`.trimEnd()],
    ['no blank line', '\n\nexample', '\nexample'],
    ['no signature', /\n— .*\n/, ''],
  ])('is malformed with %s', async (_what, from, to) => {
    const text = encodeWitnessRequest(await witnessRequest(at(log, 3), 1)).replace(from, to);
    expect(() => parseWitnessRequest(text)).toThrow(MalformedObjectError);
  });
});
