import type { Stub } from '../src/chaincode/stub.ts';

/** State of a chaincode in memory, and the stub that one call would get. Writes show at the end of a good call only. */
export class MemoryState {
  readonly words: Map<string, Uint8Array> = new Map();
  readonly events: { readonly name: string; readonly payload: Uint8Array }[] = [];
  /** Keys that were read, in order. */
  readonly reads: string[] = [];

  stub(args: readonly string[], options: { readonly time?: number; readonly called?: string } = {}): PendingCall {
    return new PendingCall(this, args, options.time ?? 0, options.called ?? 'medseal');
  }
}

class PendingCall {
  readonly stub: Stub;
  readonly #state: MemoryState;
  readonly #writes: Map<string, Uint8Array> = new Map();
  readonly #events: MemoryState['events'] = [];

  constructor(state: MemoryState, args: readonly string[], time: number, called: string) {
    this.#state = state;
    const [fcn = '', ...params] = args;
    const seconds = { toNumber: () => time };
    const proposal = { payload: { getInput_asU8: () => invocation(called) } };
    const stub: Record<keyof Stub, unknown> = {
      getChannelID: () => 'channel',
      getFunctionAndParameters: () => ({ fcn, params }),
      getSignedProposal: () => ({ proposal }),
      getTransient: () => new Map(),
      getTxID: () => 'transaction',
      getTxTimestamp: () => ({ seconds, nanos: 0 }),
      getState: (key: string) => {
        state.reads.push(key);
        return Promise.resolve(state.words.get(key) ?? new Uint8Array());
      },
      putState: (key: string, value: Uint8Array) => Promise.resolve(void this.#writes.set(key, value)),
      setEvent: (name: string, payload: Uint8Array) => void this.#events.push({ name, payload }),
    };
    this.stub = stub as Stub;
  }

  /** What Fabric does when peers have endorsed the call. */
  commit(): void {
    for (const [key, value] of this.#writes) this.#state.words.set(key, value);
    this.#state.events.push(...this.#events);
  }

  get writes(): ReadonlyMap<string, Uint8Array> {
    return this.#writes;
  }
}

/** ChaincodeInvocationSpec { chaincode_spec { type: NODE, chaincode_id { name } } } in protobuf. */
function invocation(name: string): Uint8Array {
  const message = (number: number, body: Uint8Array): Uint8Array =>
    Buffer.concat([Buffer.of((number << 3) | 2, body.length), body]);
  const id = message(2, message(2, Buffer.from(name)));
  return message(1, Buffer.concat([Buffer.of(1 << 3, 2), id]));
}
