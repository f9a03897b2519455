import { LONGEST_TIMER } from './deadline.ts';

export interface RepairOptions {
  /** Repairs at a time; 2 by default. */
  readonly concurrency?: number | undefined;
  /** All repairs together read and write no more than this; unlimited by default. */
  readonly bytesPerSecond?: number | undefined;
  /** How often a repair is tried before it is given up, with a pause of 1, 2, 4 … seconds before the next; 4 by default. */
  readonly attempts?: number | undefined;
}

export interface MirrorOptions {
  /** How many copies must have an object before `put` resolves; a majority by default. */
  readonly writeQuorum?: number | undefined;
  /**
   * Milliseconds for which a copy may keep silent before it counts as failed, and the state when the mirror ends; 10,000
   * by default.
   */
  readonly timeout?: number | undefined;
  /** Milliseconds after which a second copy is asked too when the first has given nothing; 250 by default. */
  readonly hedgeAfter?: number | undefined;
  /** Bytes by which a slow copy may fall behind the others during a put, held in memory once; 4 MiB by default. */
  readonly slack?: number | undefined;
  /**
   * Objects up to this many bytes are read and verified before any of it is handed out, so that a damaged copy is never
   * seen; 1 MiB by default.
   */
  readonly verifyAhead?: number | undefined;
  readonly repair?: RepairOptions | undefined;
}

export interface MirrorSettings {
  readonly writeQuorum: number;
  readonly timeout: number;
  readonly hedgeAfter: number;
  readonly slack: number;
  readonly verifyAhead: number;
  readonly concurrency: number;
  readonly bytesPerSecond: number;
  readonly attempts: number;
}

const MIB = 1024 * 1024;

/** @throws RangeError when an option makes no sense for this many copies. */
export function mirrorSettings(copies: number, options: MirrorOptions): MirrorSettings {
  const { concurrency = 2, bytesPerSecond = Infinity, attempts = 4 } = options.repair ?? {};
  const settings: MirrorSettings = {
    writeQuorum: options.writeQuorum ?? Math.floor(copies / 2) + 1,
    timeout: Math.min(options.timeout ?? 10_000, LONGEST_TIMER),
    hedgeAfter: Math.min(options.hedgeAfter ?? 250, LONGEST_TIMER),
    slack: options.slack ?? 4 * MIB,
    verifyAhead: options.verifyAhead ?? MIB,
    concurrency,
    bytesPerSecond,
    attempts,
  };
  checkSettings(copies, settings);
  return settings;
}

function checkSettings(copies: number, settings: MirrorSettings): void {
  const { writeQuorum, slack, hedgeAfter, verifyAhead, ...positive } = settings;
  if (copies < 1) throw new RangeError('A mirror needs a copy');
  if (!Number.isInteger(writeQuorum) || writeQuorum < 1 || writeQuorum > copies)
    throw new RangeError('writeQuorum must be a number of copies that there are');
  for (const [name, value] of Object.entries({ slack, hedgeAfter, verifyAhead }))
    if (!(value >= 0)) throw new RangeError(`${name} must not be negative`);
  for (const [name, value] of Object.entries(positive))
    if (!(value > 0)) throw new RangeError(`${name} must be positive`);
}
