import {
  anchoredRecordId,
  type CommandId,
  type GrantAccess,
  type Hex,
  reaches,
  type RecordFacts,
} from '@medseal/protocol';
import { FIRST_EPOCH } from '../keys/epoch.ts';
import type { GrantView, RecordView, RequestView, ViewEntry } from './facts.ts';

/** What the applied entries of a log mean, beyond the state that the rules keep. */
export class KnownFacts {
  readonly records: Map<Hex, RecordView> = new Map();
  readonly requests: Map<CommandId, RequestView> = new Map();
  /** Digests of the present key documents. */
  readonly keyDocuments: Map<Hex, Hex> = new Map();
  readonly #grants = new Map<string, GrantView>();
  readonly #epochs = new Map<string, number>();
  readonly #uses = new Map<string, number[]>();

  grant(patient: Hex, id: Hex): GrantView | undefined {
    return this.#grants.get(pairKey(patient, id));
  }

  grants(): IterableIterator<GrantView> {
    return this.#grants.values();
  }

  epoch(patient: Hex, compartment: Hex): number {
    return this.#epochs.get(pairKey(patient, compartment)) ?? FIRST_EPOCH;
  }

  uses(actor: Hex, patient: Hex): readonly number[] {
    return this.#uses.get(pairKey(patient, actor)) ?? [];
  }

  /** Keeps what an applied entry means. An entry that holders do not honour means nothing. */
  remember({ id, index, time, command, holder }: ViewEntry): void {
    // Counted whether honoured or not: whoever tries often is stopped too.
    if (command.type === 'useAccess') this.#timesOf(command.patient, command.actor).push(time);
    if (holder.length > 0) return;
    switch (command.type) {
      case 'register':
        this.keyDocuments.set(command.participant, command.keyDocument);
        break;
      case 'rotateKeys':
        this.keyDocuments.set(command.actor, command.keyDocument);
        break;
      case 'requestAccess':
        this.requests.set(id, { id, time, request: command });
        break;
      case 'grantAccess':
        this.#grants.set(pairKey(command.patient, command.request), this.#grantView(command, index, time));
        break;
      case 'revokeAccess': {
        const scope = this.grant(command.patient, command.grant)?.scope;
        if (scope !== undefined)
          this.#epochs.set(pairKey(command.patient, scope), this.epoch(command.patient, scope) + 1);
        break;
      }
      case 'anchorRecord': {
        const record = anchoredRecordId(command);
        const { owner, actor: author, compartment, epoch, level, headerDigest } = command;
        const facts = { owner, author, compartment, epoch, level, headerDigest, erased: false, time, index };
        this.records.set(record, { id: record, anchor: command, ...facts });
        break;
      }
      case 'supersedeRecord':
        this.#changeRecord(command.record, { headerDigest: command.headerDigest });
        break;
      case 'eraseRecord':
        this.#changeRecord(command.record, { erased: true });
        break;
      default:
    }
  }

  #timesOf(patient: Hex, actor: Hex): number[] {
    const key = pairKey(patient, actor);
    const times = this.#uses.get(key) ?? [];
    this.#uses.set(key, times);
    return times;
  }

  #changeRecord(id: Hex, change: Partial<RecordFacts>): void {
    const record = this.records.get(id);
    if (record !== undefined) this.records.set(id, { ...record, ...change });
  }

  #grantView(grant: GrantAccess, index: number, time: number): GrantView {
    const asked = this.requests.get(grant.request)?.request;
    const solicited = asked !== undefined && asked.patient === grant.patient;
    const wider =
      solicited &&
      (asked.actor !== grant.grantee ||
        !reaches(asked.level, grant.level) ||
        grant.until > asked.until ||
        (grant.newData && !asked.newData));
    const { patient, grantee, scope, level, newData, until } = grant;
    return { id: grant.request, grant, index, time, solicited, wider, patient, grantee, scope, level, newData, until };
  }
}

function pairKey(patient: Hex, id: Hex): string {
  return `${patient}/${id}`;
}
