import {
  type Address,
  type Command,
  commandId,
  type CommandId,
  decide,
  decodeCommand,
  type Decision,
  decision,
  type Genesis,
  type Hex,
  judge,
  type Participant,
  participant,
  type ReadState,
  type Role,
  type StateKey,
  type StateValue,
  type Verdict,
} from '@medseal/protocol';
import { hashOf, type Member, memberAt } from './cast.ts';
import { cellName, cellOf } from './cells.ts';
import { ListBook } from './list-book.ts';
import { RecordBook } from './record-book.ts';
import { signed } from './sign.ts';

/** One sending of bytes to a ledger, and what the rules say of it. */
export interface Step {
  /** Ledger time of the step, seconds; never less than that of the step before. */
  readonly time: number;
  readonly wire: Uint8Array;
  readonly verdict: Verdict;
  /** Name of the cell that the verdict falls into. */
  readonly cell: string;
  /** Absent where the bytes or signatures are bad. */
  readonly id?: CommandId;
  readonly command?: Command;
  /** The log holds this command already: an adapter gives the first receipt, the ledger itself this verdict. */
  readonly logged: boolean;
}

/** A decision that stands in the state. */
export interface Decided {
  readonly patient: Address;
  readonly request: Hex;
}

/** A request that stands in the log. */
export interface Asked extends Decided {
  readonly actor: Address;
}

/** A running model of one ledger: the rules over a map. Aims read it to build commands, and step it forward. */
export class World {
  readonly genesis: Genesis;
  readonly steps: Step[] = [];
  readonly state: Map<string, { readonly key: StateKey<StateValue>; readonly value: StateValue }> = new Map();
  /** In the order of registration. */
  readonly members: Member[] = [];
  readonly persons: Hex[] = [];
  readonly decisions: Decided[] = [];
  readonly requests: Asked[] = [];
  readonly book: RecordBook = new RecordBook();
  readonly lists: ListBook = new ListBook();
  time: number;
  readonly #gap: number;
  readonly #logged = new Set<CommandId>();
  readonly #wellSigned = new WeakSet<Uint8Array>();
  #picks: readonly number[] = [];
  #next = 0;
  #newcomers = 0;
  #salts = 0;

  constructor(genesis: Genesis, time: number, gap: number) {
    this.genesis = genesis;
    this.time = time;
    this.#gap = gap;
  }

  readonly read: ReadState = (key) => this.state.get(key.path)?.value;

  /** The picks that answer the next questions. */
  ask(picks: readonly number[]): void {
    this.#picks = picks;
    this.#next = 0;
  }

  /** The option that the next pick names: the first, where the picks are all 0. */
  choose<T>(options: readonly [T, ...T[]] | readonly [...T[], T]): T;
  choose<T>(options: readonly T[]): T | undefined;
  choose<T>(options: readonly T[]): T | undefined {
    const pick = this.#picks[this.#next++ % Math.max(this.#picks.length, 1)] ?? 0;
    return options[pick % Math.max(options.length, 1)];
  }

  /** 32 bytes not used before in this sequence. */
  fresh(): Hex {
    return hashOf(`salt ${this.#salts++}`);
  }

  /** Somebody who is not registered. */
  newcomer(): Member {
    return memberAt(this.#newcomers++);
  }

  participant(address: Address): Participant | undefined {
    return this.read(participant.key(address)) as Participant | undefined;
  }

  decision({ patient, request }: Decided): Decision | undefined {
    return this.read(decision.key(patient, request)) as Decision | undefined;
  }

  /** Registered members whose standing passes the test. */
  membersWhere(test: (standing: Participant) => boolean): readonly Member[] {
    return this.members.filter(({ address }) => {
      const standing = this.participant(address);
      return standing !== undefined && test(standing);
    });
  }

  memberOf(address: Address): Member {
    const found = this.members.find((one) => one.address === address);
    if (found === undefined) throw new Error(`No member has the address ${address}`);
    return found;
  }

  hasRole(address: Address, role: Role): boolean {
    return this.participant(address)?.roles.includes(role) === true;
  }

  waitUntil(time: number): void {
    this.time = Math.max(this.time, time);
  }

  /** Wire bytes of a command that is signed by those who must sign it. */
  sign(command: Command, signers: readonly Member[]): Uint8Array {
    const wire = signed(command, this.genesis.domain, signers);
    this.#wellSigned.add(wire);
    return wire;
  }

  /** Signs a command as it should be and sends it: how an aim brings about what it needs. */
  perform(command: Command, ...signers: readonly Member[]): void {
    const { verdict, cell } = this.send(this.sign(command, signers));
    if (verdict.outcome !== 'applied') throw new Error(`A preparing step was not applied: ${cell}`);
  }

  /** Sends bytes at the present time and takes over what the rules make of them. */
  send(wire: Uint8Array): Step {
    const { id, command, ...verdict } = this.#decide(wire);
    const logged = id !== undefined && this.#logged.has(id);
    const step: Step = {
      time: this.time,
      wire,
      verdict,
      cell: cellName(cellOf(wire, verdict)),
      logged,
      ...(id === undefined ? {} : { id }),
      ...(command === undefined ? {} : { command }),
    };
    this.steps.push(step);
    if (id !== undefined && verdict.outcome !== 'rejected') this.#logged.add(id);
    if (verdict.outcome === 'applied') {
      for (const { key, value } of verdict.writes) this.state.set(key.path, { key, value });
      if (command !== undefined && id !== undefined && !logged) this.#remember(command, id);
    }
    this.time += this.#gap;
    return step;
  }

  /** Who signed is recovered only where it is in doubt: that takes longer than all the rest of a step. */
  #decide(wire: Uint8Array): ReturnType<typeof decide> {
    if (!this.#wellSigned.has(wire)) return decide(wire, this.genesis, this.time, this.read);
    const { command, definition, words } = decodeCommand(wire);
    const id = commandId(definition, words, this.genesis.domain);
    return { ...judge({ command, definition }, this.time, this.read), id, command };
  }

  #remember(command: Command, id: CommandId): void {
    this.book.enter(command);
    if (command.type === 'register') {
      const member = this.#known(command.participant);
      if (member !== undefined) this.members.push(member);
      this.persons.push(command.person);
    } else if (command.type === 'requestAccess') {
      this.requests.push({ patient: command.patient, request: id, actor: command.actor });
    } else if (command.type === 'grantAccess' || command.type === 'denyAccess') {
      this.decisions.push({ patient: command.patient, request: command.request });
    }
  }

  #known(address: Address): Member | undefined {
    for (let i = 0; i < this.#newcomers; i++) if (memberAt(i).address === address) return memberAt(i);
    return undefined;
  }
}
