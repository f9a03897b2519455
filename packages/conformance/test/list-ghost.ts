import {
  type AnchorRecord,
  anchoredRecordId,
  type Command,
  type GrantAccess,
  type Hex,
  type UseAccess,
} from '@medseal/protocol';
import type { KnownList } from '../src/index.ts';
import type { Entry } from './history.ts';

/** What somebody who knows all lists says of one use: whether its record is on the list of its grant. */
export type ListAnswer = 'inside' | 'outside';

interface Anchored {
  readonly owner: string;
  readonly index: number;
}

interface Listed {
  readonly patient: string;
  readonly newData: boolean;
  readonly index: number;
  readonly list: KnownList;
}

/** What the lists of a log mean, told from its entries and the lists alone. */
export class ListGhost {
  /** By index of the entry: uses of grants of lists, of records that only the list decides on. */
  readonly answers = new Map<number, ListAnswer>();
  /** Revocations of grants of each compartment, by patient and compartment. */
  readonly moved = new Map<string, number>();
  listGrants = 0;
  listRevocations = 0;
  readonly #lists: ReadonlyMap<string, KnownList>;
  readonly #scopes = new Map<string, string>();
  readonly #grants = new Map<string, Listed>();
  readonly #records = new Map<Hex, Anchored>();

  constructor(lists: readonly KnownList[]) {
    this.#lists = new Map(lists.map((list) => [list.scope, list]));
  }

  /** Takes over an entry that the log holds for the first time. */
  enter({ command, verdict }: Entry, index: number): void {
    if (verdict.outcome === 'applied') this.#apply(command, index);
  }

  #apply(command: Command, index: number): void {
    switch (command.type) {
      case 'grantAccess':
        this.#grant(command, index);
        break;
      case 'revokeAccess':
        this.#revoke(`${command.patient} ${command.grant}`, command.patient);
        break;
      case 'anchorRecord':
        this.#anchor(command, index);
        break;
      case 'useAccess':
        this.#use(command, index);
        break;
      default:
    }
  }

  #grant({ patient, request, scope, newData }: GrantAccess, index: number): void {
    const list = this.#lists.get(scope);
    this.#scopes.set(`${patient} ${request}`, scope);
    if (list === undefined) return;
    this.listGrants++;
    this.#grants.set(`${patient} ${request}`, { patient, newData, index, list });
  }

  #revoke(number: string, patient: string): void {
    const scope = this.#scopes.get(number) ?? '';
    if (this.#lists.has(scope)) this.listRevocations++;
    else this.#move(`${patient} ${scope}`);
  }

  #anchor(command: AnchorRecord, index: number): void {
    const { owner, compartment, epoch } = command;
    const record = anchoredRecordId(command);
    const present = 1 + (this.moved.get(`${owner} ${compartment}`) ?? 0);
    if (epoch === present && !this.#records.has(record)) this.#records.set(record, { owner, index });
  }

  #use(command: UseAccess, index: number): void {
    const grant = this.#grants.get(`${command.patient} ${command.grant}`);
    const record = this.#records.get(command.record);
    if (grant === undefined || record?.owner !== grant.patient) return;
    if (!grant.newData && record.index > grant.index) return;
    this.answers.set(index, grant.list.records.includes(command.record) ? 'inside' : 'outside');
  }

  #move(key: string): void {
    this.moved.set(key, (this.moved.get(key) ?? 0) + 1);
  }
}
