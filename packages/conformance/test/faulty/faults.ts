import { runSuite, type Suite } from '../../src/index.ts';
import { expect, test } from 'vitest';

/** A driver whose adapter has one fault, by the name of the fault. */
export type Faults<Driver> = Readonly<Record<string, () => Driver>>;

/** Milliseconds after which a case on a faulty adapter counts as failed: it waits for what never comes. */
const PATIENCE = 4_000;

const LONG = { timeout: 60_000 };

/** What one fault was tried on. */
interface Played {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

/** Every fault fails a case, and every case fails for a fault: what no fault can fail tests nothing. */
export function testFaults<Driver extends AsyncDisposable, Subject extends AsyncDisposable>(
  suite: Suite<Driver, Subject>,
  faults: Faults<Driver>,
): void {
  const all = new Map<string, Played>();
  const names = suite.cases.map(({ name }) => name);
  const found = (): ReadonlySet<string> => new Set([...all.values()].flatMap(({ failed }) => failed));

  test.each(Object.entries(faults))(`a ${suite.port} that %s is found out`, LONG, async (name, make) => {
    await using driver = make();
    const played = await play(suite, driver, found());
    all.set(name, played);
    expect(played.failed).not.toEqual([]);
    expect(played.passed).not.toEqual([]);
  });

  test(`each case of the ${suite.port} suite finds out a fault`, () => {
    process.stdout.write(`${matrix(suite.port, names, all)}\n`);
    const useful = found();
    expect(names.filter((name) => !useful.has(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
}

/** All cases that have found out no fault yet; of the others only until one has failed and one has passed. */
async function play<Driver, Subject extends AsyncDisposable>(
  suite: Suite<Driver, Subject>,
  driver: Driver,
  found: ReadonlySet<string>,
): Promise<Played> {
  const passed: string[] = [];
  const failed: string[] = [];
  const names = suite.cases.map(({ name }) => name);
  const isNew = (name: string): boolean => !found.has(name);
  for (const name of [...names.filter(isNew), ...names.filter((one) => !isNew(one))]) {
    if (!isNew(name) && passed.length > 0 && failed.length > 0) break;
    const results = await runSuite(suite, driver, { timeout: PATIENCE, only: (one) => one === name });
    passed.push(...results.passed);
    failed.push(...results.failed.map((one) => one.name));
  }
  return { passed, failed };
}

/** One line a fault: which cases it fails and passes; blank are those that were not needed, or do not apply. */
function matrix(port: string, names: readonly string[], all: ReadonlyMap<string, Played>): string {
  const lines = [...all].map(([fault, { passed, failed }]) => {
    const mark = names.map((name) => (failed.includes(name) ? '#' : passed.includes(name) ? '.' : ' ')).join('');
    return `  ${mark} ${fault}`;
  });
  return [`${port}: ${names.length} cases (columns, in order) on ${all.size} faults (rows)`, ...lines].join('\n');
}

/** An error as `fetch` makes it: something ends, but not with the reason that was given. */
export class ForeignAbortError extends Error {
  override readonly name = 'AbortError';
}

/** Ends when the signal aborts, but says so in words of its own. */
export async function endedForeignly<T>(signal: AbortSignal | undefined, call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    throw signal?.aborted === true ? new ForeignAbortError() : error;
  });
}

/** The same, for streams. */
export async function* streamEndedForeignly<T>(
  signal: AbortSignal | undefined,
  source: AsyncIterable<T>,
): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    throw signal?.aborted === true ? new ForeignAbortError() : error;
  }
}

/** Tells of an outage in words of its own. */
export async function failingForeignly<T>(call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    throw isOutage(error) ? new TypeError('connection refused') : error;
  });
}

export async function* streamFailingForeignly<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    throw isOutage(error) ? new TypeError('connection refused') : error;
  }
}

export function isOutage(error: unknown): boolean {
  return error instanceof Error && /Unavailable/.test(error.name);
}
