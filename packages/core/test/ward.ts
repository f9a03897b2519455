import { type CommandId, type Hex, recordId } from '@medseal/protocol';
import type { Actor } from '../src/actor/actor.ts';
import type { Receipt } from '../src/ports/ledger.ts';
import type { LedgerView } from '../src/view/ledger-view.ts';
import { type Person, SmallWorld, testWord } from './small-world.ts';

const compartment = testWord(50);

/** Short ways to say what people do, for tests that look at the log and not at keys or contents. */
export class Ward {
  readonly world: SmallWorld = new SmallWorld();
  #salts = 0;

  /** A salt, number or commitment that nobody has had. */
  fresh(): Hex {
    return testWord(100_000 + this.#salts++);
  }

  async ask(by: Person, patient: Person, seconds: number): Promise<CommandId> {
    const until = this.world.time + seconds;
    const asked = { level: 'low', newData: true, until, terms: this.fresh() } as const;
    return (await this.world.act(by, { type: 'requestAccess', patient: patient.id, ...asked })).id;
  }

  async grant(
    patient: Person,
    to: Person,
    seconds: number,
    { request = this.fresh(), keyVersion = 1 } = {},
  ): Promise<CommandId> {
    const until = this.world.time + seconds;
    const what = { scope: compartment, level: 'low', newData: true, until, consent: this.fresh() } as const;
    await this.world.act(patient, {
      type: 'grantAccess',
      patient: patient.id,
      request,
      grantee: to.id,
      keyVersion,
      ...what,
    });
    return request;
  }

  deny(patient: Person, request: Hex): Promise<Receipt> {
    return this.world.act(patient, { type: 'denyAccess', patient: patient.id, request });
  }

  revoke(patient: Person, grant: Hex): Promise<Receipt> {
    return this.world.act(patient, { type: 'revokeAccess', patient: patient.id, grant });
  }

  async deposit(author: Person, owner: Person, epoch = 1, inbox = false): Promise<Hex> {
    const parts = {
      owner: owner.id,
      compartment: inbox ? testWord(0) : compartment,
      epoch: inbox ? 0 : epoch,
      level: 'low',
      payloadDigest: testWord(52),
      salt: this.fresh(),
    } as const;
    const rest = { headerDigest: testWord(51), content: testWord(53) };
    await this.world.act(author, { type: 'anchorRecord', ...parts, ...rest });
    return recordId({ ...parts, author: author.id });
  }

  use(by: Person, patient: Person, grant: Hex, record: Hex): Promise<Receipt> {
    const what = { patient: patient.id, grant, record, headerDigest: testWord(51), actingPerson: this.fresh() };
    return this.world.act(by, { type: 'useAccess', ...what });
  }

  rotate(person: Person, expectedKeyVersion: number): Promise<Receipt> {
    return this.world.act(person, { type: 'rotateKeys', keyDocument: this.fresh(), expectedKeyVersion });
  }
}

/** As much of an actor as reading takes. */
export function readerOf({ id }: Person, view: LedgerView, now: () => number): Actor {
  return { id, network: { view, now, ledger: view.ledger } } as unknown as Actor;
}
