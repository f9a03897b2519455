import type { Hex } from './encode/bytes.ts';
import type { Address, FieldKind, Level, Role } from './encode/kinds.ts';
import type { LedgerCode } from './rejections.ts';
import type { Participant } from './state/participant.ts';
import type { StateKey } from './state/entity.ts';
import type { StateValue, StateWrite } from './state/state-value.ts';

/** A command that a participant signs. */
export interface ActorCommand {
  readonly actor: Address;
  /** First second at which the command can no longer enter a ledger; at most a day ahead. */
  readonly validUntil: number;
}

/** A command of the registry: it names no actor and carries exactly `threshold` authority signatures. */
export interface AuthorityCommand {
  readonly validUntil: number;
}

/** Who signs, in the order of the signatures on the wire. */
export type Signers = 'actor' | 'authority' | 'authority, participant';

/** The kinds that fit a field of type `T`, so that a definition cannot disagree with its interface. */
type KindOf<T> = T extends readonly Role[]
  ? 'roles'
  : T extends boolean
    ? 'flag'
    : T extends Level
      ? 'level'
      : T extends number
        ? 'time' | 'version' | 'epoch'
        : Exclude<FieldKind, 'roles' | 'flag' | 'level' | 'time' | 'version' | 'epoch'>;

export interface Field<K extends FieldKind = FieldKind> {
  readonly kind: K;
  readonly doc: string;
}

/** Own fields of a command, in the order of the wire and of the EIP-712 type. */
export type Fields<C> = {
  readonly [K in Exclude<keyof C, 'type' | 'actor' | 'validUntil'>]: Field<KindOf<C[K]>>;
};

/** State of a command whose rules look at nothing but the actor. */
export type NoState = Readonly<Record<string, never>>;

/** What a rule sees: the command, the ledger's time, the actor's standing and the state that the command reads. */
export interface RuleContext<C, S> {
  readonly c: C;
  readonly time: number;
  /** Registered and, unless `allowsBanned`, not banned: the common checks come first. */
  readonly actor: C extends ActorCommand ? Participant : undefined;
  readonly s: { readonly [K in keyof S]: S[K] | undefined };
}

/** The first rule whose test is false names the code. `reject` leaves no trace, `violation` is logged. */
export type Rule<C, S> = readonly [
  code: LedgerCode,
  outcome: 'reject' | 'violation',
  test: (context: RuleContext<C, S>) => boolean,
];

/**
 * One command, declared once: the machine, the EIP-712 type, the Solidity structs, the test generators and the tables
 * of the docs all come from this.
 */
export interface CommandDefinition<C, S> {
  readonly name: string;
  /** First byte on the wire. Never reused. */
  readonly code: number;
  readonly doc: string;
  readonly signers: Signers;
  /** Withdrawal is always possible: deny and revoke stay open to a banned patient. */
  readonly allowsBanned?: true;
  readonly fields: Fields<C>;
  /** Point reads, from the command's own fields alone: no ledger needs a range. */
  readonly reads: (c: C) => { readonly [K in keyof S]: StateKey<S[K]> };
  /** In order; rejects before violations. */
  readonly rules: readonly Rule<C, S>[];
  readonly effect: (context: RuleContext<C, S>) => readonly StateWrite[];
  /** For the docs: what the effect writes, and what a repeat of the command does. */
  readonly effectDoc: string;
  readonly repeatsDoc: string;
}

/** A definition with its types erased, as the machine handles it: it feeds each only what its own codec and reads gave. */
export interface AnyCommandDefinition {
  readonly name: string;
  readonly code: number;
  readonly doc: string;
  readonly signers: Signers;
  readonly allowsBanned?: true;
  readonly fields: Readonly<Record<string, Field>>;
  reads(c: unknown): Readonly<Record<string, StateKey<StateValue>>>;
  readonly rules: readonly AnyRule[];
  effect(context: AnyContext): readonly StateWrite[];
  readonly effectDoc: string;
  readonly repeatsDoc: string;
}

export interface AnyContext {
  readonly c: unknown;
  readonly time: number;
  readonly actor: Participant | undefined;
  readonly s: Readonly<Record<string, StateValue | undefined>>;
}

export type AnyRule = readonly [
  code: LedgerCode,
  outcome: 'reject' | 'violation',
  test: (context: AnyContext) => boolean,
];

/** Erases the types of a definition. Sound because {@link AnyCommandDefinition} values only ever meet their own data. */
export function erase<C, S>(definition: CommandDefinition<C, S>): AnyCommandDefinition {
  return definition as unknown as AnyCommandDefinition;
}

/** EIP-712 digest of a command: its id, never its signature. */
export type CommandId = Hex;
