import { type Address, type Genesis, type Hex, verifyCommand } from '@medseal/protocol';
import { RejectedError } from '../errors/rejected-error.ts';
import type { Projection } from '../view/projection.ts';

/**
 * Withdrawals that reached a holder past the ledger. They count at once: a holder refuses early, also when the ledger
 * delays, drops or later rejects the command.
 */
export class Notices {
  readonly #revoked = new Set<string>();
  readonly #banned = new Map<Address, number>();
  readonly #taken = new Map<string, Uint8Array>();
  readonly #genesis: Genesis;

  constructor(genesis: Genesis) {
    this.#genesis = genesis;
  }

  /**
   * Takes a signed `revokeAccess` or `ban`. `validUntil` does not matter: a withdrawal does not go stale.
   *
   * @throws RejectedError MALFORMED, BAD_SIGNATURE or NOT_OWNER.
   * @throws TypeError for a command of another kind.
   */
  take(wire: Uint8Array): { readonly patient: Address; readonly grant: Hex } | undefined {
    const verified = verifyCommand(wire, this.#genesis);
    if ('outcome' in verified) throw new RejectedError(verified.code);
    const { id, command } = verified;
    if (command.type === 'ban') {
      const before = this.#banned.get(command.participant) ?? 0;
      this.#banned.set(command.participant, Math.max(before, command.expectedVersion));
      this.#taken.set(id, wire.slice());
      return undefined;
    }
    if (command.type !== 'revokeAccess') throw new TypeError('Only a revocation or a ban can be noticed');
    if (command.actor !== command.patient) throw new RejectedError('NOT_OWNER');
    this.#revoked.add(`${command.patient}/${command.grant}`);
    this.#taken.set(id, wire.slice());
    return { patient: command.patient, grant: command.grant };
  }

  /** Wire bytes of everything taken, to be saved. */
  all(): readonly Uint8Array[] {
    return [...this.#taken.values()];
  }

  revoked(patient: Address, grant: Hex): boolean {
    return this.#revoked.has(`${patient}/${grant}`);
  }

  /** A noticed ban that the view does not show yet. Once the ledger has it, the ledger's later word counts. */
  banned(view: Projection, participant: Address): boolean {
    const version = this.#banned.get(participant);
    return version !== undefined && (view.participant(participant)?.version ?? 0) <= version;
  }
}
