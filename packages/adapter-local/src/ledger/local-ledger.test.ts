import {
  LedgerRewrittenError,
  LedgerUnavailableError,
  type Receipt,
  RejectedError,
  UnknownSubmissionError,
  WrongLedgerError,
} from '@medseal/core/adapter';
import {
  ed25519WitnessSigner,
  cosign,
  noteVerifier,
  openCheckpoint,
  UnverifiedLogError,
  verifyConsistency,
  verifyProof,
  witnessVerifier,
} from '@medseal/core/tlog';
import { decodeCommand, type Hex, idOf, toHex } from '@medseal/protocol';
import { expect, test } from 'vitest';
import { authority, collect, ledgerWorld, numbered, START } from '../../test/ledger-world.ts';
import { failure } from '../../test/test-folder.ts';
import { ClockJumpedError, LedgerLockedError, LedgerPathError, ReadOnlyLedgerError } from './errors.ts';
import { localLedger } from './local-ledger.ts';

test('holds what it acknowledged when it is opened again', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const wire = await world.request(1);
  const receipt = await (await world.ledger.submit(wire)).committed();
  const log = await collect(world.ledger.entries());
  const { genesis } = world.ledger;
  await world.reopen({ authority, domain: genesis.domain });
  expect(world.ledger.genesis).toEqual(genesis);
  expect(await collect(world.ledger.entries())).toEqual(log);
  expect(await world.ledger.submission(receipt.id).committed()).toEqual(receipt);
  expect(await (await world.ledger.submit(wire)).committed()).toEqual(receipt);
  expect(log).toHaveLength(3);
});

test('is made once, and not found where it is not', async () => {
  await using world = await ledgerWorld();
  const path = `${world.path}-other`;
  expect(await failure(localLedger({ path }))).toMatchObject({ code: 'LEDGER_ABSENT', path });
  expect(await failure(localLedger({ path, create: true, authority, readOnly: true }))).toBeInstanceOf(LedgerPathError);
  await expect(localLedger({ path, create: true })).rejects.toThrow(TypeError);
  await expect(localLedger({ path: `${world.folder}/none/ledger`, create: true, authority })).rejects.toThrow(
    LedgerUnavailableError,
  );
});

test('refuses a ledger of another domain, authority or key', async () => {
  await using world = await ledgerWorld();
  await world.ledger[Symbol.asyncDispose]();
  const wrong = [
    { domain: numbered(3) },
    { authority: { ...authority, threshold: 1 } },
    { key: { secret: () => new Uint8Array(32).fill(9) } },
  ];
  for (const options of wrong) await expect(world.open(options)).rejects.toThrow(WrongLedgerError);
  await world.reopen();
});

test('has one writer, in this process too', async () => {
  await using world = await ledgerWorld();
  const error = await failure(world.open());
  expect(error).toBeInstanceOf(LedgerLockedError);
  expect(error).toMatchObject({ path: world.path, retryable: true });
  await world.reopen();
});

test('writes what comes together in one transaction, in the order of arrival', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  await using reader = await world.open({ readOnly: true });
  const wires = await Promise.all(Array.from({ length: 8 }, (_, n) => world.request(n)));
  const sizes = new Set<string>();
  const following = (async () => {
    for await (const { cursor } of reader.entries({ follow: true })) {
      sizes.add(reader.checkpoint().split('\n')[1] ?? '');
      if (cursor.startsWith('9.')) return;
    }
  })();
  const receipts = await Promise.all(wires.map(async (wire) => (await world.ledger.submit(wire)).committed()));
  await following;
  expect(receipts.map(({ cursor }) => Number(cursor.split('.')[0]))).toEqual(wires.map((_, n) => n + 2));
  expect(sizes).toContain('10');
  expect([...sizes].every((size) => size === '2' || size === '10')).toBe(true);
});

test('enters a command once that comes many times in one batch', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const wire = await world.request(1);
  const submissions = await Promise.all(Array.from({ length: 5 }, () => world.ledger.submit(wire)));
  const receipts = await Promise.all(submissions.map((submission) => submission.committed()));
  expect(new Set(receipts.map((receipt) => JSON.stringify(receipt))).size).toBe(1);
  expect(await collect(world.ledger.entries())).toHaveLength(3);
});

test('judges each command by those before it in its batch', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const first = await world.grant(1);
  world.at.seconds++;
  const second = await world.grant(1);
  const [a, b] = await Promise.allSettled([world.ledger.submit(first), world.ledger.submit(second)]);
  expect(a.status).toBe('fulfilled');
  expect(b).toMatchObject({ status: 'rejected', reason: { code: 'ALREADY_DECIDED' } });
  expect(b.status === 'rejected' && b.reason).toBeInstanceOf(RejectedError);
});

test('hears a signal until the command is in a batch', async () => {
  await using world = await ledgerWorld({ maxWaiting: 1 });
  await world.populate();
  const [one, two, three] = await Promise.all([1, 2, 3].map(world.request));
  if (one === undefined || two === undefined || three === undefined) throw new Error('three were made');
  const abort = new AbortController();
  const reason = new Error('no longer wanted');
  const first = world.ledger.submit(one);
  const waiting = failure(world.ledger.submit(two, { signal: abort.signal }));
  const last = world.ledger.submit(three);
  abort.abort(reason);
  expect(await waiting).toBe(reason);
  await Promise.all([first, last]);
  const wires = (await collect(world.ledger.entries())).slice(2).map(({ wire }) => toHex(wire));
  expect(wires).toEqual([toHex(one), toHex(three)]);
});

test('lets those in who wait outside, in order', async () => {
  await using world = await ledgerWorld({ maxWaiting: 2, maxBatch: 2 });
  await world.populate();
  const wires = await Promise.all(Array.from({ length: 9 }, (_, n) => world.request(n)));
  await Promise.all(wires.map((wire) => world.ledger.submit(wire)));
  expect((await collect(world.ledger.entries())).slice(2).map(({ wire }) => toHex(wire))).toEqual(wires.map(toHex));
});

test('tells who waits that it was closed', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const submitting = failure(world.ledger.submit(await world.request(1)));
  await world.ledger[Symbol.asyncDispose]();
  expect(await submitting).toBeInstanceOf(LedgerUnavailableError);
});

test('readers see entries of the writer as they are committed, and write nothing', async () => {
  await using world = await ledgerWorld();
  await using reader = await world.open({ readOnly: true });
  const abort = new AbortController();
  const following = reader.entries({ follow: true, signal: abort.signal });
  const coming = following.next();
  await world.populate();
  const log = await collect(world.ledger.entries());
  expect((await coming).value).toEqual(log[0]);
  expect((await following.next()).value).toEqual(log[1]);
  expect((await reader.head()).cursor).toBe(log[1]?.cursor);
  expect(await failure(reader.submit(await world.request(1)))).toBeInstanceOf(ReadOnlyLedgerError);
  const waiting = failure(following.next());
  abort.abort(new Error('enough'));
  expect(await waiting).toBe(abort.signal.reason);
});

test('a reader finds commands by their ids as they are committed, wherever these stand', async () => {
  await using world = await ledgerWorld({}, { carryOverFrom: 8 });
  await world.populate();
  await using reader = await world.open({ readOnly: true });
  const sent: Receipt[] = [];
  for (let n = 0; n < 40; n++) {
    const submission = await world.ledger.submit(await world.request(n));
    sent.push(await submission.committed());
    // Some it has met before, some were carried over since.
    if (n % 7 === 0)
      for (const receipt of sent) expect(await reader.submission(receipt.id).committed()).toEqual(receipt);
    expect(await reader.submission(submission.id).committed()).toEqual(sent.at(-1));
    expect(await failure(reader.submission(numbered(n)).committed())).toBeInstanceOf(UnknownSubmissionError);
  }
});

test('goes on behind any cursor, across batches', async () => {
  await using world = await ledgerWorld({ threads: 2 });
  await world.populate();
  const wires = await Promise.all(Array.from({ length: 300 }, (_, n) => world.request(n)));
  await Promise.all(wires.map((wire) => world.ledger.submit(wire)));
  const log = await collect(world.ledger.entries());
  expect(log).toHaveLength(302);
  for (const at of [0, 1, 100, 246, 247, 254, 255, 256, 257, 300, 301])
    expect(await collect(world.ledger.entries({ after: log[at]?.cursor }))).toEqual(log.slice(at + 1));
});

test('tells from a cursor that the log is another, or shorter', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const cursor = (await world.ledger.head()).cursor ?? '';
  const further = cursor.replace(/^1\./, '2.');
  const other = cursor.replace(/^1\./, '0.');
  for (const after of [further, other])
    expect(await failure(collect(world.ledger.entries({ after })))).toBeInstanceOf(LedgerRewrittenError);
  for (const after of ['', '1', 'x.y', '-1.00'])
    expect(await failure(collect(world.ledger.entries({ after })))).toBeInstanceOf(RangeError);
});

test('proves each command, under cosigned checkpoints where there are', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const verifiers = [noteVerifier(world.ledger.verifierKey)];
  const { genesis } = world.ledger;
  const log = await collect(world.ledger.entries());
  const ids = log.map(({ wire }) => idOf(decodeCommand(wire).command, genesis.domain));
  for (const [index, id] of ids.entries()) {
    const proven = verifyProof(await world.ledger.prove(id), { verifiers, genesis });
    expect(proven).toMatchObject({ id, index, checkpoint: { size: 2 } });
  }
  const witness = ed25519WitnessSigner({ name: 'witness.example', secretKey: new Uint8Array(32).fill(5) });
  const witnesses = [witnessVerifier(witness.verifierKey)];
  const old = world.ledger.checkpoint();
  await world.ledger.submit(await world.request(1));
  const cosigned = world.ledger.addCosignature(`${old}${cosign(old, witness, START)}`, witnesses);
  expect(openCheckpoint(cosigned, verifiers).size).toBe(2);
  const [id] = ids;
  if (id === undefined) throw new Error('the log has entries');
  const proof = await world.ledger.prove(id);
  expect(verifyProof(proof, { verifiers, genesis, witnesses, quorum: 1 })).toMatchObject({ id });
});

test('takes no cosignature of strangers, nor under what it did not sign', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const [own, other] = [5, 6].map((fill) =>
    ed25519WitnessSigner({ name: `witness-${fill}.example`, secretKey: new Uint8Array(32).fill(fill) }),
  );
  if (own === undefined || other === undefined) throw new Error('two were made');
  const witnesses = [witnessVerifier(own.verifierKey)];
  const note = world.ledger.checkpoint();
  expect(() => world.ledger.addCosignature(`${note}${cosign(note, other, START)}`, witnesses)).toThrow(RangeError);
  const forged = note.replace(/\n2\n/, '\n1\n');
  expect(() => world.ledger.addCosignature(`${forged}${cosign(forged, own, START)}`, witnesses)).toThrow(
    UnverifiedLogError,
  );
  const both = world.ledger.addCosignature(
    `${note}${cosign(note, other, START)}${cosign(note, own, START)}`,
    witnesses,
  );
  expect(both).toContain(own.name);
  expect(both).not.toContain(other.name);
  expect(world.ledger.checkpoint()).toBe(both);
});

test('proves that its log only grew', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const verifiers = [noteVerifier(world.ledger.verifierKey)];
  const checkpoints = [openCheckpoint(world.ledger.checkpoint(), verifiers)];
  for (let n = 0; n < 5; n++) {
    await world.ledger.submit(await world.request(n));
    checkpoints.push(openCheckpoint(world.ledger.checkpoint(), verifiers));
  }
  for (const old of checkpoints)
    for (const young of checkpoints.filter(({ size }) => size >= old.size)) {
      const proof = world.ledger.consistency(old.size, young.size);
      const claim = { from: old.size, to: young.size, fromRoot: old.root, toRoot: young.root, proof };
      expect(verifyConsistency(claim)).toBe(true);
    }
  for (const [from, to] of [
    [3, 2],
    [0, 2],
    [1, 8],
  ] as const)
    expect(() => world.ledger.consistency(from, to)).toThrow(RangeError);
});

test('writes nothing after a jump of the clock until an operator accepts it; reading goes on', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  const known = await collect(world.ledger.entries());
  world.at.seconds += 301;
  const wire = await world.request(1);
  const error = await failure(world.ledger.submit(wire));
  expect(error).toBeInstanceOf(ClockJumpedError);
  expect(error).toMatchObject({ seconds: 301, retryable: true });
  expect((await world.ledger.head()).time).toBe(START);
  expect(await collect(world.ledger.entries())).toEqual(known);
  const [first] = known;
  if (first === undefined) throw new Error('the log has entries');
  await world.ledger.submit(first.wire);
  world.ledger.acceptClock();
  expect(await (await world.ledger.submit(wire)).committed()).toMatchObject({ time: START + 301 });
});

test('is not opened with a clock far behind its last entry, unless that is accepted', async () => {
  await using world = await ledgerWorld();
  await world.populate();
  await world.ledger[Symbol.asyncDispose]();
  world.at.seconds -= 301;
  await expect(world.open()).rejects.toThrow(ClockJumpedError);
  await world.reopen({ acceptClock: true });
  const { time } = await (await world.ledger.submit(await world.request(1))).committed();
  expect(time).toBe(START);
});

test('publishes what it committed', async () => {
  await using world = await ledgerWorld();
  const errors: unknown[] = [];
  const directory = `${world.folder}/tiles`;
  await world.reopen({ publish: { directory, delay: 1, onError: (error) => errors.push(error) } });
  await world.populate();
  const { readFile } = await import('node:fs/promises');
  const checkpoint = world.ledger.checkpoint();
  await world.ledger[Symbol.asyncDispose]();
  expect(errors).toEqual([]);
  expect(await readFile(`${directory}/checkpoint`, 'utf8')).toBe(checkpoint);
});

test.for([undefined, 1])('knows no command by an id of another length (carried over from %s changes)', async (from) => {
  await using world = await ledgerWorld({}, { carryOverFrom: from });
  await world.populate();
  const { id } = await world.ledger.submit(await world.request(1));
  await world.ledger.submit(await world.request(2));
  expect(await world.ledger.submission(id).committed()).toMatchObject({ id });
  for (const other of [`${id}00`, id.slice(0, -2), '0x12', '0x'] as const) {
    expect(await failure(world.ledger.submission(other as Hex).committed())).toBeInstanceOf(UnknownSubmissionError);
    expect(await failure(world.ledger.prove(other as Hex))).toBeInstanceOf(UnknownSubmissionError);
  }
});
