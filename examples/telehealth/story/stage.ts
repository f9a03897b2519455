import {
  AccessViolationError,
  type AuthorityActor,
  type Actor,
  type ConfiguredNetwork,
  NotEnoughProxiesError,
  RejectedError,
} from '@medseal/core';
import { type Hex, type RejectionCode, rejections } from '@medseal/protocol';
import type { Narrator } from '../narrator.ts';

/** Who plays. */
export interface Cast {
  readonly authority: AuthorityActor;
  readonly north: Actor;
  readonly south: Actor;
  /** Treats all three patients, at North Hospital. */
  readonly nora: Actor;
  /** Specialist at South Hospital. */
  readonly sam: Actor;
  /** A dermatologist who wants more than he was given. */
  readonly mallory: Actor;
  /** Nobody: never registered. */
  readonly stranger: Actor;
  readonly clemente: Actor;
  readonly liz: Actor;
  readonly ned: Actor;
}

/** The network, who plays on it, and how it is told. */
export interface Stage {
  readonly network: ConfiguredNetwork;
  readonly cast: Cast;
  readonly narrator: Narrator;
}

/** Does one thing and tells what the ledger says of the command with this id. */
export async function tell<T>(
  stage: Stage,
  what: string,
  action: () => Promise<T>,
  says: (result: T) => { readonly id: Hex } | string,
): Promise<T> {
  const started = performance.now();
  const result = await action();
  const ms = performance.now() - started;
  const said = says(result);
  stage.narrator.done(what, typeof said === 'string' ? said : `applied, ${await place(stage, said.id)}`, ms);
  return result;
}

/**
 * Tries what must not succeed, and tells which rule refused it.
 *
 * @throws Error when it succeeds, or when another rule refuses it.
 */
export async function tellRefused(
  stage: Stage,
  what: string,
  expected: RejectionCode,
  action: () => Promise<unknown>,
): Promise<Hex | undefined> {
  const started = performance.now();
  const error = await action().then(
    () => undefined,
    (cause: unknown) => cause,
  );
  const ms = performance.now() - started;
  if (error === undefined) throw new Error(`"${what}" should have been refused`);
  const { code, says, id } = await refusal(stage, error);
  if (code !== expected) throw new Error(`"${what}" should have been refused by ${expected}`, { cause: error });
  stage.narrator.refused(what, code, says, ms);
  stage.narrator.note(rejections[expected].meaning);
  return id;
}

async function refusal(stage: Stage, error: unknown): Promise<{ code?: string; says: string; id?: Hex }> {
  if (error instanceof AccessViolationError) {
    const { id } = error.receipt;
    return { code: error.code, says: `logged as a violation, ${await place(stage, id)}`, id };
  }
  if (error instanceof NotEnoughProxiesError) {
    const codes = new Set(error.faults.map(({ cause }) => (cause instanceof RejectedError ? cause.code : 'none')));
    const [code] = codes.size === 1 ? codes : [undefined];
    return { ...(code && { code }), says: `said by ${error.faults.length} of ${stage.network.proxies.length} proxies` };
  }
  if (error instanceof RejectedError)
    return { code: error.code, says: `rejected by the ${rejections[error.code].by}, no trace in the log` };
  return { says: 'failed' };
}

async function place({ network: { view }, narrator }: Stage, id: Hex): Promise<string> {
  await view.sync();
  return `entry ${view.entry(id)?.index} ${narrator.id(id)}`;
}
