import {
  type EntriesOptions,
  type Ledger,
  type LedgerEntry,
  type Receipt,
  RejectedError,
  type Submission,
  UnsupportedError,
} from '@medseal/core';
import { type CommandId, decodeCommand, idOf, type LedgerCode } from '@medseal/protocol';
import { type LedgerDriver, type LedgerUnderTest, memoryDriver } from '../../src/index.ts';
import {
  endedForeignly,
  failingForeignly,
  type Faults,
  streamEndedForeignly,
  streamFailingForeignly,
} from './faults.ts';

type Change = (under: LedgerUnderTest) => Partial<Omit<LedgerUnderTest, 'ledger'>> & {
  readonly ledger?: Partial<Ledger>;
};

function faulty(change: Change): () => LedgerDriver {
  const honest = memoryDriver();
  return () => ({
    ...honest,
    create: async (options) => {
      const under = await honest.create(options);
      const { ledger, ...others } = change(under);
      return { ...under, ...others, ledger: { ...under.ledger, ...ledger } };
    },
  });
}

const ledger = (change: (honest: Ledger) => Partial<Ledger>): (() => LedgerDriver) =>
  faulty((under) => ({ ledger: change(under.ledger) }));

/** A ledger whose receipts are changed. */
const receipts = (change: (receipt: Receipt, honest: Ledger) => Receipt | Promise<Receipt>): (() => LedgerDriver) =>
  ledger((honest) => {
    const changed = ({ id, ...submission }: Submission): Submission => ({
      id,
      committed: async (options) => change(await submission.committed(options), honest),
      final: async (options) => change(await submission.final(options), honest),
    });
    return {
      submit: async (...call) => changed(await honest.submit(...call)),
      submission: (id) => changed(honest.submission(id)),
    };
  });

/** A ledger whose whole log, read at once, is changed; who follows sees the honest one. */
const log = (
  change: (entries: readonly LedgerEntry[], options: EntriesOptions) => readonly LedgerEntry[],
): (() => LedgerDriver) =>
  ledger((honest) => ({
    async *entries(options = {}) {
      if (options.follow === true) yield* honest.entries(options);
      else yield* change(await Array.fromAsync(honest.entries(options)), options);
    },
  }));

/** What follows is changed, entry by entry. */
const following = (change: (entry: LedgerEntry, index: number) => readonly LedgerEntry[]): (() => LedgerDriver) =>
  ledger((honest) => ({
    async *entries(options = {}) {
      let index = 0;
      for await (const entry of honest.entries(options))
        yield* options.follow === true ? change(entry, index++) : [entry];
    },
  }));

/** Takes what must be refused with one of these codes, and gives a receipt for it. */
const taking = (...codes: readonly LedgerCode[]): (() => LedgerDriver) =>
  faulty((under) => {
    const { genesis } = under.ledger;
    const invented = async (id: CommandId): Promise<Receipt> => {
      const { time } = await under.ledger.head();
      return { id, cursor: '0', time };
    };
    return {
      sendRaw: async (wire) => {
        const answer = await under.sendRaw(wire);
        return answer.outcome === 'rejected' && codes.includes(answer.code) ? { outcome: 'applied' } : answer;
      },
      ledger: {
        submit: (wire, options) =>
          under.ledger.submit(wire, options).catch((error: unknown) => {
            if (!(error instanceof RejectedError && (codes as readonly string[]).includes(error.code))) throw error;
            const id = error.code === 'MALFORMED' ? genesis.domain : idOf(decodeCommand(wire).command, genesis.domain);
            return { id, committed: () => invented(id), final: () => invented(id) };
          }),
      },
    };
  });

export const ledgerFaults: Faults<LedgerDriver> = {
  'states another genesis': ledger((honest) => ({
    genesis: { ...honest.genesis, authority: { threshold: 1, keys: [] } },
  })),
  'gives receipts of another id': receipts((receipt, { genesis }) => ({ ...receipt, id: genesis.domain })),
  'gives receipts without violations': receipts((receipt) => ({ ...receipt, violation: undefined })),
  'gives the last receipt of a command': receipts(async (receipt, honest) => {
    const wires = await Array.fromAsync(honest.entries());
    const own = wires.find(({ cursor }) => cursor === receipt.cursor);
    const last = wires.findLast(({ wire }) => String(wire) === String(own?.wire));
    return { ...receipt, cursor: last?.cursor ?? '', time: last?.time ?? 0 };
  }),
  'makes up receipts': ledger((honest) => ({
    submission: (id) => {
      const receipt = (): Promise<Receipt> => Promise.resolve({ id, cursor: '0', time: 0 });
      return { id, committed: receipt, final: receipt };
    },
    submit: (...call) => honest.submit(...call),
  })),
  'refuses a command that it has': ledger((honest) => {
    const seen = new Set<string>();
    return {
      submit: async (wire, options) => {
        if (seen.has(String(wire))) throw new RejectedError('COMMAND_EXPIRED');
        const submission = await honest.submit(wire, options);
        seen.add(String(wire));
        return submission;
      },
    };
  }),
  'enters a command as often as it comes at once': faulty((under) => {
    const underWay = new Set<string>();
    return {
      ledger: {
        submit: async (wire, options) => {
          if (underWay.has(String(wire))) await under.sendRaw(wire);
          underWay.add(String(wire));
          await new Promise((resolve) => setTimeout(resolve));
          const submission = await under.ledger.submit(wire, options);
          underWay.delete(String(wire));
          return submission;
        },
      },
    };
  }),
  'loses one of several that come at once': ledger((honest) => {
    let busy = false;
    return {
      submit: async (wire, options) => {
        if (busy) return honest.submission(idOf(decodeCommand(wire).command, honest.genesis.domain));
        busy = true;
        await new Promise((resolve) => setTimeout(resolve));
        return honest.submit(wire, options).finally(() => {
          busy = false;
        });
      },
    };
  }),
  'takes what has expired': taking('COMMAND_EXPIRED'),
  'takes signatures of anybody': taking('BAD_SIGNATURE'),
  'takes fields out of their range': taking('MALFORMED'),
  'takes both of two decisions': taking('ALREADY_DECIDED'),
  'names another rule': faulty((under) => ({
    sendRaw: async (wire) => {
      const answer = await under.sendRaw(wire);
      return answer.outcome === 'rejected' ? { ...answer, code: 'BANNED' } : answer;
    },
  })),
  'logs what it refused': faulty((under) => {
    let refused = 0;
    return {
      ledger: {
        submit: (wire, options) =>
          under.ledger.submit(wire, options).catch((error: unknown) => {
            refused++;
            throw error;
          }),
        async *entries(options) {
          yield* under.ledger.entries(options);
          for (let index = 0; index < refused; index++)
            yield { cursor: `r${index}`, time: 0, wire: new Uint8Array(), violation: undefined };
        },
      },
    };
  }),
  'has a head before there is a log': ledger((honest) => ({
    head: async (options) => ({ ...(await honest.head(options)), cursor: (await honest.head(options)).cursor ?? '0' }),
  })),
  'gives entries out of order': log((entries) => [...entries.slice(0, 2), ...entries.slice(2).toReversed()]),
  'leaves violations out': log((entries) => entries.filter(({ violation }) => violation === undefined)),
  'begins at the cursor, not behind it': ledger((honest) => ({
    async *entries(options = {}) {
      if (options.follow !== true && options.after !== undefined) {
        for await (const entry of honest.entries({ ...options, after: undefined }))
          if (entry.cursor === options.after) yield entry;
      }
      yield* honest.entries(options);
    },
  })),
  'has a head that lags behind': ledger((honest) => ({
    head: async (options) => {
      const { time } = await honest.head(options);
      const entries = await Array.fromAsync(honest.entries());
      return { time, cursor: entries.at(-2)?.cursor };
    },
  })),
  'has a head of a time to come': ledger((honest) => ({
    head: async (options) => {
      const { cursor, time } = await honest.head(options);
      return { cursor, time: time + 1 };
    },
  })),
  'doubles an entry under follow': following((entry, index) => (index === 1 ? [entry, entry] : [entry])),
  'loses an entry under follow': following((entry, index) => (index === 1 ? [] : [entry])),
  'hands out its own log': ledger((honest) => {
    const held = new Map<string, LedgerEntry>();
    return {
      async *entries(options) {
        for await (const entry of honest.entries(options)) {
          held.set(entry.cursor, held.get(entry.cursor) ?? entry);
          yield held.get(entry.cursor) ?? entry;
        }
      },
    };
  }),
  'keeps the bytes of its caller': ledger((honest) => {
    const given = new Map<string, Uint8Array>();
    return {
      submit: async (wire, options) => {
        given.set(String(wire), wire);
        return honest.submit(wire, options);
      },
      async *entries(options) {
        for await (const entry of honest.entries(options))
          yield { ...entry, wire: given.get(String(entry.wire)) ?? entry.wire };
      },
    };
  }),
  'forgets its last entry at a restart': faulty(({ ledger: honest }) => ({
    reopen: async () => ({
      ...honest,
      async *entries(options) {
        const { cursor } = await honest.head();
        for await (const entry of honest.entries(options)) if (entry.cursor !== cursor) yield entry;
      },
    }),
  })),
  'serves one reader': ledger((honest) => {
    let taken = 0;
    return {
      async *entries(options) {
        if (options?.follow !== true && taken > 0) return;
        taken++;
        yield* honest.entries(options);
        taken--;
      },
    };
  }),
  'proves what it says that it cannot': ledger(() => ({ prove: async () => new Uint8Array(1) })),
  'says that it proves, and does not': ledger((honest) => ({
    supports: { ...honest.supports, proof: 'none' },
    prove: () => Promise.reject(new UnsupportedError('later')),
  })),
  'tells of outages in words of its own': ledger((honest) => ({
    submit: (...call) => failingForeignly(honest.submit(...call)),
    submission: (id) => {
      const submission = honest.submission(id);
      return {
        id,
        committed: (...call) => failingForeignly(submission.committed(...call)),
        final: (...call) => failingForeignly(submission.final(...call)),
      };
    },
    entries: (options) => streamFailingForeignly(honest.entries(options)),
    head: (...call) => failingForeignly(honest.head(...call)),
  })),
  'ends aborted calls with an error of its own': ledger((honest) => ({
    submit: (...call) => endedForeignly(call[1]?.signal, honest.submit(...call)),
    submission: (id) => {
      const submission = honest.submission(id);
      return {
        id,
        committed: (options) => endedForeignly(options?.signal, submission.committed(options)),
        final: (options) => endedForeignly(options?.signal, submission.final(options)),
      };
    },
    entries: (options) => streamEndedForeignly(options?.signal, honest.entries(options)),
    head: (options) => endedForeignly(options?.signal, honest.head(options)),
    prove: (id, options) => endedForeignly(options?.signal, honest.prove(id, options)),
  })),
  'does not look at the signal of a head': ledger((honest) => ({ head: () => honest.head() })),
  'goes on when it was closed': ledger(() => ({ [Symbol.asyncDispose]: async () => {} })),
};
