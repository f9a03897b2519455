import type { Command, Hex } from '@medseal/protocol';
import type { Entry } from './history.ts';

export interface GivenGrant {
  readonly patient: Hex;
  readonly request: Hex;
  readonly grantee: string;
  readonly until: number;
  readonly keys: number;
}

/** What must hold, told from the entries of the log alone: it reads neither state words nor rules. */
export class Ghost {
  /** The promises that the log broke, in words. */
  readonly broken: string[] = [];
  readonly #registered = new Set<string>();
  readonly #persons = new Set<string>();
  readonly #banned = new Set<string>();
  readonly #grants = new Map<string, GivenGrant>();
  readonly #denied = new Set<string>();
  readonly #revoked = new Set<string>();
  readonly #rotations = new Map<string, number>();

  enter({ command, verdict, time }: Entry): void {
    if ('actor' in command) {
      this.#demand(this.#registered.has(command.actor), 'only a registered actor enters the log');
      const withdraws = command.type === 'denyAccess' || command.type === 'revokeAccess';
      this.#demand(withdraws || !this.#banned.has(command.actor), 'a banned actor only withdraws');
    }
    this.#demand(time < command.validUntil, 'nothing enters at validUntil or later');
    this.#demand(command.validUntil <= time + 86_400, 'nothing is valid for more than a day');
    if (verdict.outcome === 'applied') this.#apply(command, time);
    else this.#demand(command.type === 'useAccess', 'only a use can be a violation');
  }

  /** Grants given and not withdrawn. */
  get standing(): readonly GivenGrant[] {
    return [...this.#grants].filter(([number]) => !this.#revoked.has(number)).map(([, grant]) => grant);
  }

  #demand(holds: boolean, promise: string): void {
    if (!holds) this.broken.push(promise);
  }

  #apply(command: Command, time: number): void {
    switch (command.type) {
      case 'register':
        this.#demand(!this.#registered.has(command.participant), 'a participant is registered once');
        this.#demand(!this.#persons.has(command.person), 'a person has one account');
        this.#registered.add(command.participant);
        this.#persons.add(command.person);
        break;
      case 'ban':
        this.#demand(this.#registered.has(command.participant), 'only a participant is banned');
        this.#demand(!this.#banned.has(command.participant), 'a ban comes once');
        this.#banned.add(command.participant);
        break;
      case 'reinstate':
        this.#demand(this.#banned.delete(command.participant), 'only a banned participant is reinstated');
        break;
      case 'grantAccess': {
        const { patient, request, grantee, until, keyVersion: keys } = command;
        this.#decide(command);
        this.#demand(this.#registered.has(grantee) && !this.#banned.has(grantee), 'a grantee is in good standing');
        this.#demand(time < until, 'a grant is live when given');
        this.#demand(keys === this.#keysOf(grantee), 'a grant is to the keys that the grantee has');
        this.#grants.set(`${patient} ${request}`, { patient, request, grantee, until, keys });
        break;
      }
      case 'denyAccess':
        this.#decide(command);
        this.#denied.add(`${command.patient} ${command.request}`);
        break;
      case 'revokeAccess': {
        const number = `${command.patient} ${command.grant}`;
        this.#demand(this.#grants.get(number)?.patient === command.actor, 'only the patient withdraws her grant');
        this.#demand(!this.#revoked.has(number), 'a grant is withdrawn once');
        this.#revoked.add(number);
        break;
      }
      case 'useAccess':
        this.#use(command.actor, `${command.patient} ${command.grant}`, time);
        break;
      case 'rotateKeys':
        this.#demand(command.expectedKeyVersion === this.#keysOf(command.actor), 'keys are rotated once a version');
        this.#rotations.set(command.actor, (this.#rotations.get(command.actor) ?? 0) + 1);
        break;
      default:
        this.#log(command);
    }
  }

  /** What changes nothing but the log. */
  #log(command: Command): void {
    if (command.type === 'anchorRecord')
      this.#demand(this.#registered.has(command.owner), 'a record belongs to a participant');
    else if (command.type === 'requestAccess')
      this.#demand(this.#registered.has(command.patient), 'a participant is asked');
    else if ('patient' in command)
      this.#demand(command.actor === command.patient, 'a patient reports, supersedes and erases for herself');
  }

  #keysOf(participant: string): number {
    return 1 + (this.#rotations.get(participant) ?? 0);
  }

  #decide({
    actor,
    patient,
    request,
  }: {
    readonly actor: string;
    readonly patient: string;
    readonly request: string;
  }): void {
    const number = `${patient} ${request}`;
    this.#demand(actor === patient, 'only the patient decides');
    this.#demand(!this.#grants.has(number) && !this.#denied.has(number), 'a request is decided once, for ever');
  }

  #use(actor: string, number: string, time: number): void {
    const grant = this.#grants.get(number);
    this.#demand(grant?.grantee === actor, 'a use follows a grant to that actor');
    this.#demand(grant !== undefined && time < grant.until, 'nothing is used at or after its end');
    this.#demand(!this.#revoked.has(number), 'nothing is used after its revocation');
    this.#demand(grant?.keys === this.#keysOf(actor), 'nothing is used after a rotation of the keys it was granted to');
    this.#demand(!this.#banned.has(grant?.patient ?? ''), 'nothing of a banned patient is used');
  }
}
