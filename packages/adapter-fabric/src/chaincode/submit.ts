import {
  encodeEntry,
  fromHex,
  type Genesis,
  judge,
  type StateValue,
  stateReads,
  toHex,
  verifyCommand,
} from '@medseal/protocol';
import { ENTRY_EVENT } from './messages.ts';
import { RefusalError } from './refusal-error.ts';
import type { Stub } from './stub.ts';

/** Where a ledger lies: its chaincode's state, with `scope` in front of each key and of the event's name. */
export interface Place {
  readonly stub: Stub;
  readonly scope: string;
}

/**
 * Runs the rules over a command, writes what they say and emits the entry. Gives `applied` or the code of a violation.
 *
 * @throws RefusalError with the code of the rule that refuses the command.
 */
export async function submit(
  { stub, scope }: Place,
  genesis: Genesis,
  wire: Uint8Array,
  time: number,
): Promise<string> {
  const verified = verifyCommand(wire, genesis);
  if ('outcome' in verified) throw new RefusalError({ rejected: verified.code });
  const state = new Map<string, StateValue | undefined>();
  for (const { path, entity } of stateReads(verified)) {
    if (state.has(path)) continue;
    const word = await stub.getState(scope + path);
    state.set(path, word.length === 0 ? undefined : entity.decode(word));
  }
  const verdict = judge(verified, time, ({ path }) => state.get(path));
  if (verdict.outcome === 'rejected') throw new RefusalError({ rejected: verdict.code });
  const violation = verdict.outcome === 'violation' ? verdict.code : undefined;
  if (verdict.outcome === 'applied') {
    for (const { key, value } of verdict.writes) await stub.putState(scope + key.path, key.entity.encode(value));
  }
  stub.setEvent(scope + ENTRY_EVENT, encodeEntry({ time, wire, violation }));
  return violation ?? 'applied';
}

/** Wire bytes travel as hex: the stub gives its arguments as text. */
export function wireArgument(wire: Uint8Array): string {
  return toHex(wire);
}

/** @throws RefusalError `BAD_CALL` when the argument is not hex. */
export function parseWireArgument(argument: string | undefined): Uint8Array {
  if (argument === undefined || !/^0x([0-9a-f]{2})*$/.test(argument)) throw new RefusalError({ fault: 'BAD_CALL' });
  return fromHex(argument as `0x${string}`);
}
