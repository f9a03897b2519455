import type { CallOptions, Directory, Ledger, Store, Submission } from '@medseal/core/adapter';
import type { Gate } from './gate.ts';

// The ports, each with a gate before every call and every piece of a stream.

export function gatedStore(store: Store, gate: Gate): Store {
  const { supports } = store;
  return {
    supports,
    put: async (blob, options) => {
      await gate.pass(options?.signal);
      const ref = await store.put(gatedStream(blob, gate, options), options);
      return ref;
    },
    get: (ref, options) => gatedStream(store.get(ref, options), gate, options),
    has: async (ref, options) => {
      await gate.pass(options?.signal);
      return store.has(ref, options);
    },
    delete: async (ref, options) => {
      await gate.pass(options?.signal);
      await store.delete(ref, options);
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

export function gatedDirectory(directory: Directory, gate: Gate): Directory {
  return {
    put: async (kind, id, bytes, options) => {
      await gate.pass(options?.signal);
      await directory.put(kind, id, bytes, options);
    },
    get: async (kind, id, options) => {
      await gate.pass(options?.signal);
      return directory.get(kind, id, options);
    },
    delete: async (kind, id, options) => {
      await gate.pass(options?.signal);
      await directory.delete(kind, id, options);
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

export function gatedLedger(ledger: Ledger, gate: Gate): Ledger {
  const { genesis, supports } = ledger;
  const gatedSubmission = (submission: Submission): Submission => ({
    id: submission.id,
    committed: async (options) => {
      await gate.pass(options?.signal);
      return submission.committed(options);
    },
    final: async (options) => {
      await gate.pass(options?.signal);
      return submission.final(options);
    },
  });
  return {
    genesis,
    supports,
    submit: async (wire, options) => {
      await gate.pass(options?.signal);
      return gatedSubmission(await ledger.submit(wire, options));
    },
    submission: (id) => gatedSubmission(ledger.submission(id)),
    entries: (options) => gatedStream(ledger.entries(options), gate, options),
    head: async (options) => {
      await gate.pass(options?.signal);
      return ledger.head(options);
    },
    prove: async (id, options) => {
      await gate.pass(options?.signal);
      return ledger.prove(id, options);
    },
    [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
  };
}

export async function* gatedStream<T>(
  source: AsyncIterable<T>,
  gate: Gate,
  { signal }: CallOptions = {},
): AsyncGenerator<T> {
  await gate.pass(signal);
  for await (const item of source) {
    await gate.pass(signal);
    yield item;
  }
}
