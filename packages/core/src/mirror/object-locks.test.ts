import type { Hex } from '@medseal/protocol';
import { expect, it } from 'vitest';
import { ObjectLocks, type Release } from './object-locks.ts';

const one: Hex = `0x${'01'.repeat(32)}`;
const other: Hex = `0x${'02'.repeat(32)}`;

it('lets several share an object, one have it alone, and nobody overtake', async () => {
  const locks = new ObjectLocks();
  const said: string[] = [];
  const releases = new Map<string, Release>();
  const ask = async (name: string, asked: Promise<Release>): Promise<void> => {
    releases.set(name, await asked);
    said.push(name);
  };
  void ask('first sharer', locks.share(one));
  void ask('second sharer', locks.share(one));
  void ask('owner', locks.own(one));
  void ask('late sharer', locks.share(one));
  void ask('owner of another', locks.own(other));
  const expectSaid = async (...names: readonly string[]): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve));
    expect(said.splice(0)).toEqual(names);
  };
  await expectSaid('first sharer', 'second sharer', 'owner of another');
  releases.get('first sharer')?.();
  // Given back twice it is given back once.
  releases.get('first sharer')?.();
  await expectSaid();
  releases.get('second sharer')?.();
  await expectSaid('owner');
  releases.get('owner')?.();
  await expectSaid('late sharer');
});
