import { type Disturbances, whileStalled } from '../drivers/disturbances.ts';
import { expectRejection, within } from './expect.ts';

/**
 * Milliseconds within which an aborted call must have ended. Far more than it takes: while the backend is silent, a call
 * that does not hear its signal does not end at all.
 */
export const PROMPT = 10_000;

/** Milliseconds that a call is given to reach the backend before it is aborted. */
const BEGUN = 20;

/** A call with a signal that has been aborted already must reject with its reason. */
export async function expectNoBegin(call: (signal: AbortSignal) => Promise<unknown>, name: string): Promise<void> {
  const reason = new Error('aborted before');
  const running = within(PROMPT, call(AbortSignal.abort(reason)), `${name} with an aborted signal ends`);
  await expectRejection(running, reason, `${name} with an aborted signal`);
}

/** A call that is aborted while the backend does not answer must reject at once with the signal's reason. */
export async function expectPromptAbort(
  subject: Disturbances,
  call: (signal: AbortSignal) => Promise<unknown>,
  name: string,
): Promise<void> {
  const reason = new Error('aborted meanwhile');
  const abort = new AbortController();
  await whileStalled(subject, async () => {
    const running = call(abort.signal);
    setTimeout(() => abort.abort(reason), BEGUN);
    const ending = within(PROMPT, running, `${name}, aborted while the backend is silent, ends`);
    await expectRejection(ending, reason, `${name}, aborted while the backend is silent`);
  });
}
