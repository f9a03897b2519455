import { runSuite, type Suite } from '../../src/index.ts';
import { expect, test } from 'vitest';

/** A driver whose adapter has one fault, by the name of the fault. */
export type Faults<Driver> = Readonly<Record<string, () => Driver>>;

/** Milliseconds after which a case on a faulty adapter counts as failed: it waits for what never comes. */
const PATIENCE = 4_000;

const LONG = { timeout: 60_000 };

/** Every fault fails a case, and every case fails for a fault: what no fault can fail tests nothing. */
export function testFaults<Driver extends AsyncDisposable, Subject extends AsyncDisposable>(
  suite: Suite<Driver, Subject>,
  faults: Faults<Driver>,
): void {
  const hits = new Map<string, readonly string[]>();
  const names = suite.cases.map(({ name }) => name);

  test.each(Object.entries(faults))(`a ${suite.port} that %s is found out`, LONG, async (name, make) => {
    await using driver = make();
    const { failed } = await runSuite(suite, driver, { timeout: PATIENCE });
    const failing = failed.map((one) => one.name);
    hits.set(name, failing);
    expect(failing).not.toEqual([]);
    expect(failing.length).toBeLessThan(names.length);
  });

  test(`each case of the ${suite.port} suite finds out a fault`, () => {
    process.stdout.write(`${matrix(suite.port, names, hits)}\n`);
    const found = new Set([...hits.values()].flat());
    expect(names.filter((name) => !found.has(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
}

/** One line a fault: how many cases it fails, and which where they are few. */
function matrix(port: string, names: readonly string[], hits: ReadonlyMap<string, readonly string[]>): string {
  const lines = [...hits].map(([fault, failed]) => {
    const mark = names.map((name) => (failed.includes(name) ? '#' : '.')).join('');
    return `  ${mark} ${fault}`;
  });
  return [`${port}: ${names.length} cases (columns, in order) on ${hits.size} faults (rows)`, ...lines].join('\n');
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
