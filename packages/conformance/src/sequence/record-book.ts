import { type Address, anchoredRecordId, type Command, type Hex } from '@medseal/protocol';

/** A record that readers honour, with its present header. */
export interface KnownRecord {
  readonly owner: Address;
  readonly record: Hex;
  readonly compartment: Hex;
  readonly headerDigest: Hex;
  readonly erased: boolean;
}

/**
 * What the log of a sequence says of records, so that commands can name ones that stand. It only guides what is sent:
 * what it means is for the view to say.
 */
export class RecordBook {
  readonly #records = new Map<Hex, KnownRecord>();
  readonly #scopes = new Map<string, Hex>();
  readonly #epochs = new Map<string, number>();

  /** Records of one patient, erased ones included. */
  of(owner: Address): readonly KnownRecord[] {
    return [...this.#records.values()].filter((one) => one.owner === owner);
  }

  /** What a grant is of: a compartment, or a list. */
  scopeOf({ patient, request }: { readonly patient: Address; readonly request: Hex }): Hex | undefined {
    return this.#scopes.get(`${patient}/${request}`);
  }

  /** Present epoch of a compartment. */
  epoch(owner: Address, compartment: Hex): number {
    return this.#epochs.get(`${owner}/${compartment}`) ?? 1;
  }

  /** Takes over a command that was applied for the first time. */
  enter(command: Command): void {
    switch (command.type) {
      case 'grantAccess':
        this.#scopes.set(`${command.patient}/${command.request}`, command.scope);
        break;
      case 'revokeAccess': {
        const scope = this.#scopes.get(`${command.patient}/${command.grant}`);
        if (scope !== undefined)
          this.#epochs.set(`${command.patient}/${scope}`, this.epoch(command.patient, scope) + 1);
        break;
      }
      case 'anchorRecord': {
        const { owner, compartment, epoch, headerDigest } = command;
        const record = anchoredRecordId(command);
        if (epoch === this.epoch(owner, compartment) && !this.#records.has(record))
          this.#records.set(record, { owner, record, compartment, headerDigest, erased: false });
        break;
      }
      case 'supersedeRecord': {
        const found = this.#own(command);
        if (found?.erased === false && found.headerDigest === command.previousHeader)
          this.#records.set(found.record, { ...found, headerDigest: command.headerDigest });
        break;
      }
      case 'eraseRecord': {
        const found = this.#own(command);
        if (found !== undefined) this.#records.set(found.record, { ...found, erased: true });
        break;
      }
      default:
    }
  }

  #own({ patient, record }: { readonly patient: Address; readonly record: Hex }): KnownRecord | undefined {
    const found = this.#records.get(record);
    return found?.owner === patient ? found : undefined;
  }
}
