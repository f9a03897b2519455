import {
  type CommandName,
  commands,
  decodeCommand,
  decodeEntry,
  type Decision,
  encodeEntry,
  fromHex,
  judge,
  type Participant,
  recoverSigner,
  type RevokeAccess,
  stateReads,
  verifyCommand,
} from '@medseal/protocol';
import { expect, test } from 'vitest';
import { cellName, reachableCells, sequenceAuthority, unreachableCells } from '../src/index.ts';
import { Ghost, type GivenGrant } from './ghost.ts';
import { always, type Entry, genesisWith, replay } from './history.ts';

function revocationOf({ patient, request }: GivenGrant, validUntil: number): RevokeAccess {
  return { type: 'revokeAccess', patient, grant: request, actor: patient, validUntil };
}

/** What a command writes over of a participant. */
function changed(type: CommandName, { version, keyVersion }: Participant): Partial<Participant> {
  if (type === 'rotateKeys') return { keyVersion: keyVersion + 1 };
  return { version: version + 1, status: type === 'ban' ? 'banned' : 'active' };
}

/** Recovering signers is slow: fewer sequences where a property does so for each step. */
const SLOW = 40;

const PLAYING = { timeout: 240_000 };

test('the log keeps every promise about people, grants and uses', PLAYING, () => {
  expect.hasAssertions();
  always(({ entries }) => {
    const ghost = new Ghost();
    for (const entry of entries) ghost.enter(entry);
    expect(ghost.broken).toEqual([]);
  });
});

test('every entry is signed by its actor, or by the authority', PLAYING, () => {
  expect.hasAssertions();
  always(({ entries }) => {
    for (const { command, wire, id } of entries) {
      const signers = decodeCommand(wire).signatures.map((signature) => recoverSigner(fromHex(id), signature));
      if ('actor' in command) {
        expect(signers).toEqual([command.actor]);
        continue;
      }
      if (command.type === 'register') expect(signers.pop()).toBe(command.participant);
      expect(new Set(signers).size).toBe(sequenceAuthority.threshold);
      for (const signer of signers) expect(sequenceAuthority.keys).toContain(signer);
    }
  }, SLOW);
});

test('no entry of one ledger enters another', PLAYING, () => {
  expect.hasAssertions();
  const foreign = genesisWith('02');
  always(({ entries }) => {
    for (const { wire } of entries)
      expect(verifyCommand(wire, foreign)).toEqual({ outcome: 'rejected', code: 'BAD_SIGNATURE' });
  }, SLOW);
});

test('a command that changes state is applied once at most', () => {
  expect.hasAssertions();
  always(({ entries }) => {
    const changing = entries.filter(({ verdict }) => verdict.outcome === 'applied' && verdict.writes.length > 0);
    expect(new Set(changing.map(({ id }) => id)).size).toBe(changing.length);
  });
});

test('versions grow by one with each ban, reinstatement and rotation, and nothing else of a participant changes', () => {
  expect.hasAssertions();
  always(({ entries }) => {
    replay(entries, ({ command, verdict }, _read, before) => {
      if (verdict.outcome !== 'applied') return;
      for (const { key, value } of verdict.writes) {
        if (key.entity.name !== 'participant') continue;
        const old = before.get(key.path) as Participant | undefined;
        const added = { ...(value as Participant), status: 'active', version: 1, keyVersion: 1 };
        expect(value).toEqual(old === undefined ? added : { ...old, ...changed(command.type, old) });
      }
    });
  });
});

test('only these commands write state: the rest stands in the log alone', () => {
  expect.hasAssertions();
  const writing = ['register', 'ban', 'reinstate', 'grantAccess', 'denyAccess', 'revokeAccess', 'rotateKeys'];
  always(({ entries }) => {
    for (const { command, verdict } of entries)
      if (verdict.outcome === 'applied') expect(verdict.writes.length > 0).toBe(writing.includes(command.type));
  });
});

test('denied and revoked are terminal; a grant can only be revoked, and its terms stay', () => {
  expect.hasAssertions();
  always(({ entries }) => {
    replay(entries, ({ verdict }, _read, before) => {
      if (verdict.outcome !== 'applied') return;
      for (const { key, value } of verdict.writes) {
        if (key.entity.name !== 'decision') continue;
        const old = before.get(key.path) as Decision | undefined;
        if (old === undefined) expect(['granted', 'denied']).toContain((value as Decision).status);
        else {
          expect(old.status).toBe('granted');
          expect(value).toEqual({ ...old, status: 'revoked' });
        }
      }
    });
  });
});

test('whoever runs the rules over the log alone reaches the same outcomes and the same state', () => {
  expect.hasAssertions();
  always(({ entries, state }) => {
    const rerun = replay(entries, ({ command, verdict, time }, read) => {
      expect(judge({ command, definition: commands[command.type] }, time, read)).toEqual(verdict);
    });
    expect(rerun).toEqual(new Map([...state].map(([path, { value }]) => [path, value])));
  });
});

test('the rules read no more state than a ledger is told to fetch, and change none of what they are given', () => {
  expect.hasAssertions();
  always(({ entries }) => {
    replay(entries, (entry: Entry, read) => {
      const verified = { id: entry.id, command: entry.command, definition: commands[entry.command.type] };
      const named = new Set(stateReads(verified).map(({ path }) => path));
      judge(verified, entry.time, (key) => {
        expect(named.has(key.path)).toBe(true);
        const value = read(key);
        return value === undefined ? undefined : Object.freeze(value);
      });
      if (entry.verdict.outcome !== 'applied') return;
      for (const { key } of entry.verdict.writes) expect(named.has(key.path)).toBe(true);
    });
  });
});

test('a patient can withdraw a standing grant at any moment, banned or not', () => {
  expect.hasAssertions();
  always(({ steps, entries, state }) => {
    const ghost = new Ghost();
    for (const entry of entries) ghost.enter(entry);
    const time = steps.at(-1)?.time ?? 0;
    for (const grant of ghost.standing) {
      const command = revocationOf(grant, time + 1);
      const verdict = judge({ command, definition: commands.revokeAccess }, time, (key) => state.get(key.path)?.value);
      expect(verdict.outcome).toBe('applied');
    }
  });
});

test('every word of the state and every entry of the log comes back from its bytes', () => {
  expect.hasAssertions();
  always(({ entries, state }) => {
    for (const { key, value } of state.values()) expect(key.entity.decode(key.entity.encode(value))).toEqual(value);
    for (const { time, wire, verdict, command } of entries) {
      const violation = verdict.outcome === 'violation' ? verdict.code : undefined;
      expect(decodeEntry(encodeEntry({ time, wire, violation }))).toEqual({ time, wire, violation });
      expect(decodeCommand(wire).command).toEqual(command);
    }
  });
});

test('200 sequences reach each reachable cell 20 times or more, and no command takes over a quarter', PLAYING, () => {
  const counts = new Map(reachableCells.map((cell) => [cellName(cell), 0]));
  const byCommand = new Map<string, number>();
  let total = 0;
  always(({ steps }) => {
    expect(steps.length).toBeGreaterThanOrEqual(30);
    for (const { cell } of steps) {
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
      const command = cell.slice(0, cell.indexOf(' '));
      byCommand.set(command, (byCommand.get(command) ?? 0) + 1);
      total++;
    }
  });
  expect([...counts].filter(([, count]) => count < 20)).toEqual([]);
  expect([...byCommand].filter(([, count]) => count > total / 4)).toEqual([]);
  for (const name of unreachableCells) expect(counts.has(name)).toBe(false);
});
