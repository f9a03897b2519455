import type { LedgerEntry } from '@medseal/core/adapter';
import { LedgerView } from '@medseal/core';
import { toHex } from '@medseal/protocol';
import { expect, test } from 'vitest';
import type { LedgerDriver } from '../ledger-driver.ts';
import { hashOf } from '../sequence/cast.ts';
import { collect, emptyWorld, type LedgerWorld, ledgerWorld } from './ledger-world.ts';

async function commitSome(world: LedgerWorld): Promise<readonly Uint8Array[]> {
  const grant = hashOf('a grant');
  const wires = [world.desk.request(), world.desk.grant(grant), world.desk.use(grant), world.desk.use(hashOf('none'))];
  for (const wire of wires) {
    await world.wait(1);
    await world.commit(wire);
  }
  return wires;
}

async function take(entries: AsyncIterator<LedgerEntry>): Promise<LedgerEntry | undefined> {
  const next = await entries.next();
  return next.done === true ? undefined : next.value;
}

/** Order, cursors, following, head. */
export function testLog(driver: () => LedgerDriver): void {
  test('an empty log has no entries and no last cursor', async () => {
    await using world = await emptyWorld(driver());
    expect(await world.log()).toEqual([]);
    const head = await world.ledger.head();
    expect(head.cursor).toBeUndefined();
    expect(head.time).toBeGreaterThanOrEqual(world.now);
  });

  test('holds accepted commands whole and in order, with times that never step back', async () => {
    await using world = await ledgerWorld(driver());
    const start = world.now;
    const wires = await commitSome(world);
    const log = (await world.log()).slice(2);
    expect(log.map(({ wire }) => toHex(wire))).toEqual(wires.map(toHex));
    expect(log.map(({ time }) => time)).toEqual(wires.map((_, index) => start + 1 + index));
    expect(log.map(({ violation }) => violation)).toEqual([undefined, undefined, undefined, 'NO_GRANT']);
    expect(new Set(log.map(({ cursor }) => cursor)).size).toBe(wires.length);
  });

  test('goes on behind any cursor', async () => {
    await using world = await ledgerWorld(driver());
    await commitSome(world);
    const log = await world.log();
    for (const [index, { cursor }] of log.entries())
      expect(await collect(world.ledger.entries({ after: cursor }))).toEqual(log.slice(index + 1));
  });

  test('its head is the last entry and the time that the next command gets', async () => {
    await using world = await ledgerWorld(driver());
    expect((await world.ledger.head()).cursor).toBe((await world.log()).at(-1)?.cursor);
    await world.wait(7);
    const { time } = await world.ledger.head();
    const receipt = await world.commit(world.desk.request());
    expect(receipt.time).toBeGreaterThanOrEqual(time);
    expect(receipt.time).toBe(world.now);
    expect((await world.ledger.head()).cursor).toBe(receipt.cursor);
  });

  test('can be followed until the signal aborts', async () => {
    await using world = await ledgerWorld(driver());
    const abort = new AbortController();
    const after = (await world.log()).at(0)?.cursor;
    const following = world.ledger.entries({ after, follow: true, signal: abort.signal })[Symbol.asyncIterator]();
    expect(await take(following)).toEqual((await world.log()).at(1));
    for (const terms of ['one', 'two']) {
      const coming = take(following);
      const receipt = await world.commit(world.desk.request({ terms: hashOf(terms) }));
      expect((await coming)?.cursor).toBe(receipt.cursor);
    }
    const waiting = take(following);
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  test('refuses to begin what was aborted before', async () => {
    await using world = await ledgerWorld(driver());
    const reason = new Error('never begun');
    const signal = AbortSignal.abort(reason);
    const wire = world.desk.request();
    await expect(world.ledger.submit(wire, { signal })).rejects.toBe(reason);
    await expect(world.ledger.head({ signal })).rejects.toBe(reason);
    await expect(collect(world.ledger.entries({ signal }))).rejects.toBe(reason);
    expect(await world.log()).toHaveLength(2);
  });

  test('says of itself what the rules say', async () => {
    await using world = await ledgerWorld(driver());
    const view = new LedgerView(world.ledger);
    await view.sync();
    const wires = await commitSome(world);
    await view.sync();
    expect(view.entries).toHaveLength(2 + wires.length);
    for (const wire of wires) {
      const receipt = await world.commit(wire);
      expect(view.confirms(receipt)?.cursor).toBe(receipt.cursor);
    }
  });
}
