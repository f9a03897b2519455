import type { Address, Hex } from '@medseal/protocol';
import type { GrantView, ViewEntry } from '../facts.ts';
import type { Projection } from '../projection.ts';
import type { End } from './end-queue.ts';

export interface ActorBookOptions {
  readonly view: Projection;
  readonly me: Address;
  readonly alsoGrant: (grant: GrantView) => boolean;
}

/**
 * What one participant must remember of the log, entry by entry, to understand what comes: his requests and grants. The
 * view may be ahead of the entry at hand, so that it is asked only for what never changes.
 */
export class ActorBook {
  readonly view: Projection;
  /** The greatest ledger time so far, seconds. */
  clock = 0;
  readonly #me: Address;
  readonly #alsoGrant: (grant: GrantView) => boolean;
  readonly #grants = new Map<string, End>();
  readonly #requests = new Map<string, End>();
  /** Grants that have not ended, under each of their two sides. */
  readonly #standing = new Map<Address, Set<End>>();

  constructor({ view, me, alsoGrant }: ActorBookOptions) {
    this.view = view;
    this.#me = me;
    this.#alsoGrant = alsoGrant;
  }

  isMe(...sides: readonly (Address | undefined)[]): boolean {
    return sides.includes(this.#me);
  }

  concerns(grant: GrantView): boolean {
    return this.isMe(grant.patient, grant.grantee) || this.#alsoGrant(grant);
  }

  /** A grant that concerned us when it was made, whatever has become of it. */
  grant(patient: Address, number: Hex): End | undefined {
    return this.#grants.get(pairKey(patient, number));
  }

  /** Remembers what this entry has begun. Gives the end to expect of it. */
  begin({ index, id, command }: ViewEntry): End | undefined {
    if (command.type === 'requestAccess') {
      const { patient, actor: other, until } = command;
      if (!this.isMe(patient, other)) return undefined;
      const end: End = { type: 'requestExpired', index, until, number: id, patient, other, over: false };
      this.#requests.set(pairKey(patient, id), end);
      return end;
    }
    if (command.type !== 'grantAccess') return undefined;
    const { patient, grantee: other, until, request: number } = command;
    const grant = this.view.grant(patient, number);
    if (grant === undefined || !this.concerns(grant)) return undefined;
    const end: End = { type: 'grantExpired', index, until, number, patient, other, over: false };
    this.#grants.set(pairKey(patient, number), end);
    for (const side of [patient, other]) this.#standing.set(side, this.#grantsOf(side).add(end));
    return end;
  }

  /** A request is answered. Gives who made it, where that concerned us. */
  decide(patient: Address, number: Hex): Address | undefined {
    const request = this.#requests.get(pairKey(patient, number));
    if (request === undefined) return undefined;
    request.over = true;
    return request.other;
  }

  /** Numbers of the grants with this side that stand, live or suspended. */
  liveGrants(side: Address): readonly Hex[] {
    return this.#liveGrants(side).map(({ number }) => number);
  }

  /** New keys end the grants to the old ones. Gives their numbers. */
  endGrantsTo(grantee: Address): readonly Hex[] {
    const ended = this.#liveGrants(grantee).filter(({ other }) => other === grantee);
    for (const grant of ended) this.endGrant(grant);
    return ended.map(({ number }) => number);
  }

  endGrant(grant: End): void {
    grant.over = true;
    this.#forget(grant);
  }

  #liveGrants(side: Address): readonly End[] {
    for (const grant of this.#grantsOf(side)) if (grant.until <= this.clock) this.#forget(grant);
    return [...this.#grantsOf(side)];
  }

  #grantsOf(side: Address): Set<End> {
    return this.#standing.get(side) ?? new Set();
  }

  #forget(grant: End): void {
    for (const side of [grant.patient, grant.other]) this.#grantsOf(side).delete(grant);
  }
}

function pairKey(patient: Hex, number: Hex): string {
  return `${patient}/${number}`;
}
