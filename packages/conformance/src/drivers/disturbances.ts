/**
 * What a driver can do to the backend of one subject, where it is able to. Each is undone by disposing of what it gives.
 * Cases that need a disturbance are skipped where there is none.
 */
export interface Disturbances {
  /** From now on the backend takes calls and answers none. */
  stall?(): Promise<AsyncDisposable>;
  /** From now on the backend is out of order: every call that needs it fails. */
  cutOff?(): Promise<AsyncDisposable>;
  /** Calls that a disturbance does not reach, with the reason why. Their cases are skipped, and say it. */
  readonly beyond?: {
    readonly stall?: Readonly<Record<string, string>>;
    readonly cutOff?: Readonly<Record<string, string>>;
  };
}

/** @param call whose case it is */
export function needsStall(subject: Disturbances, call: string): string | undefined {
  return subject.stall === undefined ? 'the driver cannot stall its backend' : subject.beyond?.stall?.[call];
}

/** @param call whose case it is */
export function needsOutage(subject: Disturbances, call: string): string | undefined {
  return subject.cutOff === undefined ? 'the driver cannot cut its backend off' : subject.beyond?.cutOff?.[call];
}

/** Runs while the backend answers nothing. */
export function whileStalled<T>(subject: Disturbances, run: () => Promise<T>): Promise<T> {
  return disturbed(subject.stall?.(), run);
}

/** Runs while the backend is out of order. */
export function whileCutOff<T>(subject: Disturbances, run: () => Promise<T>): Promise<T> {
  return disturbed(subject.cutOff?.(), run);
}

async function disturbed<T>(begun: Promise<AsyncDisposable> | undefined, run: () => Promise<T>): Promise<T> {
  const disturbance = await begun;
  try {
    return await run();
  } finally {
    await disturbance?.[Symbol.asyncDispose]();
  }
}
