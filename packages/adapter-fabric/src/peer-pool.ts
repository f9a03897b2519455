import { LedgerUnavailableError } from '@medseal/core/adapter';
import { isOutage } from './gateway-errors.ts';
import type { FabricConnectionOptions } from './options.ts';
import { linkPeer, type PeerLink } from './peer-link.ts';

/** The configured peers, one of which is in use until it fails. */
export interface PeerPool extends Disposable {
  readonly size: number;
  current(): PeerLink;
  /** Turns to the next peer, unless somebody else has already turned away from this one. */
  leave(link: PeerLink): void;
  /**
   * Makes a call that may be made twice, with one peer after the other until one answers.
   *
   * @throws LedgerUnavailableError when none does, whatever the peer threw otherwise.
   */
  use<T>(call: (link: PeerLink) => Promise<T>): Promise<T>;
}

/** @throws RangeError when no peer is given. */
export function openPeers(options: FabricConnectionOptions): PeerPool {
  const links = options.peers.map((peer) => linkPeer(peer, options));
  let turn = 0;
  const current = (): PeerLink => {
    const link = links[turn % links.length];
    if (link === undefined) throw new RangeError('A Fabric ledger needs at least one peer');
    return link;
  };
  current();
  const leave = (link: PeerLink): void => {
    if (link === current()) turn++;
  };
  const use = async <T>(call: (link: PeerLink) => Promise<T>): Promise<T> => {
    const failures: unknown[] = [];
    for (const _ of links) {
      const link = current();
      try {
        return await call(link);
      } catch (error) {
        if (!isOutage(error)) throw error;
        failures.push(error);
        leave(link);
      }
    }
    const cause = failures.length === 1 ? failures[0] : new AggregateError(failures, 'Every peer failed');
    throw new LedgerUnavailableError('No peer of the Fabric network answers', { cause });
  };
  const dispose = (): void => {
    for (const link of links) link[Symbol.dispose]();
  };
  return { size: links.length, current, leave, use, [Symbol.dispose]: dispose };
}
