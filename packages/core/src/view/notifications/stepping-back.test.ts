import { type Genesis, judge, type StateValue, verifyCommand } from '@medseal/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CountedLedger, countedLedger } from '../../../test/counted-ledger.ts';
import { Play, step } from '../../../test/play.ts';
import type { Person } from '../../../test/small-world.ts';
import { readNotifications } from '../../../test/read-notifications.ts';
import type { LedgerEntry } from '../../ports/ledger.ts';
import { LedgerView } from '../ledger-view.ts';
import type { Notification } from './notification.ts';

/** What a ledger would have logged of these commands whose blocks carry times that also step back. */
function atOtherTimes(log: readonly LedgerEntry[], genesis: Genesis, back: readonly number[]): LedgerEntry[] {
  const state = new Map<string, StateValue>();
  const logged: LedgerEntry[] = [];
  for (const [index, { wire, time: first }] of log.entries()) {
    const time = first - (back[index % back.length] ?? 0);
    const verified = verifyCommand(wire, genesis);
    if ('outcome' in verified) throw new TypeError('The log holds what nobody signed');
    const verdict = judge(verified, time, ({ path }) => state.get(path));
    if (verdict.outcome === 'rejected') continue;
    if (verdict.outcome === 'applied') for (const { key, value } of verdict.writes) state.set(key.path, value);
    const violation = verdict.outcome === 'violation' ? verdict.code : undefined;
    logged.push({ cursor: String(logged.length), time, wire, violation });
  }
  return logged;
}

interface Ending {
  readonly number: string;
  readonly until: number;
  /** Of a grant; a request has none. */
  readonly grantee: string | undefined;
}

/**
 * What the participant is to be told of entries that begin an end by time, and of these ends, in order: an end stands
 * before the first entry with which the greatest time has reached it, and behind the entry that it was past with.
 */
function expectedEnds({ entries }: LedgerView, me: Person): string[] {
  const told: string[] = [];
  let [open, clock]: [Ending[], number] = [[], 0];
  const endUntil = (time: number): void => {
    const due = open.filter(({ until }) => until <= time).toSorted((a, b) => a.until - b.until);
    open = open.filter(({ until }) => until > time);
    told.push(...due.map(({ number }) => `end of ${number}`));
  };
  for (const { id, time, command, violation } of entries) {
    clock = Math.max(clock, time);
    endUntil(clock);
    if (violation !== undefined) continue;
    const { patient, until } = command as { readonly patient?: string; readonly until?: number };
    const number = 'request' in command ? command.request : 'grant' in command ? command.grant : id;
    if (command.type === 'rotateKeys') open = open.filter(({ grantee }) => grantee !== command.actor);
    else if (patient !== me.id || command.type === 'useAccess') continue;
    else {
      open = open.filter((one) => one.number !== number);
      told.push(`${command.type} ${number}`);
      const grantee = command.type === 'grantAccess' ? command.grantee : undefined;
      if (until !== undefined) open = [...open, { number, until, grantee }];
      endUntil(clock);
    }
  }
  return told;
}

/** The same of what was told. */
function toldEnds(all: readonly Notification[]): string[] {
  const said = {
    accessRequested: 'requestAccess',
    accessGranted: 'grantAccess',
    accessDenied: 'denyAccess',
    accessRevoked: 'revokeAccess',
    grantExpired: 'end of',
    requestExpired: 'end of',
  } as const;
  return all.flatMap((one) => {
    const number = 'grant' in one ? one.grant : 'request' in one ? one.request : undefined;
    return one.type in said ? [`${said[one.type as keyof typeof said]} ${number}`] : [];
  });
}

it('a ledger whose times step back: each end once, by the greatest time, however often the reader is started', async () => {
  let stepsBack = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 8, maxLength: 30 }),
      fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 7 }),
      async (steps, back) => {
        const play = new Play();
        const { patient } = await play.people();
        for (const one of steps) await play.play(one);
        const { world } = play.ward;
        world.time += 40;
        await play.ward.ask(patient, patient, 1).catch(() => {});
        const log = atOtherTimes(await Array.fromAsync(world.ledger.entries()), world.ledger.genesis, back);
        stepsBack += log.filter(({ time }, index) => time < (log[index - 1]?.time ?? 0)).length;
        const shown: CountedLedger = countedLedger(world.ledger);
        const view = new LedgerView(shown);
        // The reader's own clock is never ahead: it is told by the ledger's alone.
        const reader = { view, now: () => 0 };
        const told: Notification[] = [];
        for (const [length, { reads = [] } = {}] of log.map((_, index) => [index, steps[index]] as const)) {
          shown.log = log.slice(0, length);
          for (const most of reads.filter((number) => number > 0))
            told.push(...(await readNotifications(reader, patient, { after: told.at(-1)?.cursor, most })));
        }
        shown.log = log;
        told.push(...(await readNotifications(reader, patient, { after: told.at(-1)?.cursor })));
        expect(told).toEqual(await readNotifications(reader, patient));
        expect(new Set(told.map(({ cursor }) => cursor)).size).toBe(told.length);
        expect(toldEnds(told)).toEqual(expectedEnds(view, patient));
      },
    ),
    { numRuns: 20 },
  );
  expect(stepsBack).toBeGreaterThan(10);
});
