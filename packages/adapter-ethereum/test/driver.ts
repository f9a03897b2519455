import type { Answer, LedgerDriver, LedgerUnderTest } from '@medseal/conformance';
import { type Anvil, startAnvil, tcpLine } from '@medseal/devnet';
import { type Address, type Authority, fromHex, type Hex, type StateKey, type StateValue } from '@medseal/protocol';
import { HDNodeWallet, keccak256 } from 'ethers';
import { encodeAuthority, encodeSubmit } from '../src/abi.ts';
import { artifact as committedArtifact } from '../src/generated/artifact.ts';
import { codeBySelector } from '../src/generated/layout.ts';
import { ethereumLedger } from '../src/ledger.ts';
import { decodeLog, type RawLog } from '../src/log.ts';
import type { EthereumLedgerOptions } from '../src/options.ts';
import { type Eip1193Provider, httpRpc, type Rpc, RpcError } from '../src/rpc.ts';

/** What the driver needs of a compiled contract; `compileContracts` of tools/compile.ts gives it. */
export type DriverArtifact = Pick<typeof committedArtifact, 'bytecode' | 'slots'>;

/** An anvil chain whose time stands still unless it is set. */
export interface Chain extends AsyncDisposable {
  readonly anvil: Anvil;
  readonly rpc: Rpc;
  /** Unlocked account that deploys and sends raw bytes. */
  readonly account: Address;
  /** Key of another funded account, for adapters. */
  readonly relayerKey: string;
  /** The next block, and what is simulated until then, have this time (seconds). It may go back. */
  setTime(time: number): Promise<void>;
  deploy(authority: Authority, bytecode?: Hex): Promise<Address>;
}

interface Receipt {
  readonly status: Hex;
  readonly contractAddress: Address;
  readonly gasUsed: Hex;
  readonly logs: readonly RawLog[];
}

/** Starts anvil in the distant past, so that any ledger's time can be set. */
export async function startChain(options: { readonly mining?: 'auto' | 'manual' } = {}): Promise<Chain> {
  const anvil = await startAnvil({ timestamp: 1, mining: options.mining ?? 'auto', order: 'fifo' });
  const rpc = httpRpc(anvil.url, 30_000);
  await rpc('anvil_setBlockTimestampInterval', [0]);
  const [account = '0x'] = await rpc<readonly Address[]>('eth_accounts', []);
  let present: number | undefined;
  return {
    anvil,
    rpc,
    account,
    relayerKey: HDNodeWallet.fromPhrase(anvil.mnemonic, '', "m/44'/60'/0'/0/1").privateKey,
    setTime: async (time) => {
      if (time === present) return;
      await rpc('anvil_setTime', [time]);
      present = time;
    },
    deploy: async (authority, bytecode = committedArtifact.bytecode) => {
      const data = `${bytecode}${encodeAuthority(authority)}`;
      const { contractAddress } = await sendNow(rpc, { from: account, data });
      return contractAddress;
    },
    [Symbol.asyncDispose]: () => anvil.stop(),
  };
}

export interface DriverOptions {
  readonly artifact?: DriverArtifact;
  /** How adapters reach anvil: through a provider of the test, by default, or by themselves over HTTP. */
  readonly reach?: 'provider' | 'http';
}

/** Ledgers on contracts of their own, all on one anvil. Ledgers that are used at the same time must share their time. */
export function ethereumDriver({ artifact = committedArtifact, reach }: DriverOptions = {}): LedgerDriver {
  let started: Promise<Chain> | undefined;
  return {
    name: 'ethereum',
    create: async ({ authority, time }) => {
      started ??= startChain();
      const chain = await started;
      await chain.setTime(time);
      const contract = await chain.deploy(authority, artifact.bytecode);
      const ledger = await ledgerUnderTest(chain, contract, artifact, time);
      return reach === 'http' ? overHttp(chain, contract, ledger) : ledger;
    },
    [Symbol.asyncDispose]: async () => {
      await (await started)?.[Symbol.asyncDispose]();
    },
  };
}

async function ledgerUnderTest(
  chain: Chain,
  contract: Address,
  { slots }: DriverArtifact,
  startTime: number,
): Promise<LedgerUnderTest> {
  let time = startTime;
  const line = lineToNode();
  const provider: Eip1193Provider = {
    request: async ({ method, params }) => {
      await line.pass();
      await chain.setTime(time);
      return chain.rpc(method, params ?? []);
    },
  };
  const ledger = await ethereumLedger({ ...testOptions(chain, contract), provider });
  return {
    ledger,
    stall: line.stall,
    cutOff: line.cutOff,
    setTime: async (next) => {
      time = next;
      await chain.setTime(next);
    },
    sendRaw: async (wire) => {
      await chain.setTime(time);
      return sendRaw(chain, contract, wire);
    },
    readState: (key) => readState(chain.rpc, contract, key, slots),
    reopen: () => ethereumLedger({ ...testOptions(chain, contract), provider }),
    [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
  };
}

/** The same, with an adapter that reaches the node over HTTP. The chain has the time that was set last. */
async function overHttp(chain: Chain, contract: Address, under: LedgerUnderTest): Promise<LedgerUnderTest> {
  const line = await tcpLine(new URL(chain.anvil.url).host);
  const options = { ...testOptions(chain, contract), rpcUrl: `http://${line.endpoint}` };
  const ledger = await ethereumLedger(options);
  return {
    ...under,
    ledger,
    stall: () => line.stall(),
    cutOff: () => line.cutOff(),
    reopen: () => ethereumLedger(options),
    [Symbol.asyncDispose]: async () => {
      await ledger[Symbol.asyncDispose]();
      await under[Symbol.asyncDispose]();
      await line[Symbol.asyncDispose]();
    },
  };
}

interface NodeLine {
  /** What the node does with a request: lets it through, keeps silent, or drops it. */
  pass(): Promise<void>;
  readonly stall: () => Promise<AsyncDisposable>;
  readonly cutOff: () => Promise<AsyncDisposable>;
}

/** The line between adapter and node, which the test can hold or cut. */
function lineToNode(): NodeLine {
  let pass = async (): Promise<void> => {};
  const until = async (state: () => Promise<void>, end: () => void = () => {}): Promise<AsyncDisposable> => {
    pass = state;
    return {
      [Symbol.asyncDispose]: async () => {
        pass = async () => {};
        end();
      },
    };
  };
  return {
    pass: () => pass(),
    stall: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      return until(() => promise, resolve);
    },
    cutOff: () => until(() => Promise.reject(new TypeError('fetch failed'))),
  };
}

/** Options of an adapter in tests: an entry is final at once, and waiting is short. */
export function testOptions(chain: Chain, contract: Address): EthereumLedgerOptions & { readonly rpcUrl: string } {
  return {
    rpcUrl: chain.anvil.url,
    contract,
    privateKey: chain.relayerKey,
    finality: { confirmations: 1 },
    pollInterval: 10,
  };
}

/** Calls first, since only a call gives the code of a refusal; sends what the call lets pass. */
export async function sendRaw({ rpc, account }: Chain, contract: Address, wire: Uint8Array): Promise<Answer> {
  const call = { from: account, to: contract, data: encodeSubmit(wire) };
  try {
    await rpc('eth_call', [call, 'pending']);
  } catch (error) {
    const code = error instanceof RpcError ? codeBySelector.get(error.data?.slice(0, 10) ?? '') : undefined;
    if (code === undefined) throw error;
    return { outcome: 'rejected', code };
  }
  const { logs } = await sendNow(rpc, call);
  const [log] = logs;
  if (log === undefined || logs.length !== 1) throw new RangeError('A command must leave one log');
  const { violation } = decodeLog(log);
  return violation === undefined ? { outcome: 'applied' } : { outcome: 'violation', code: violation };
}

/** Sends from an unlocked account and gives the receipt. */
export async function sendNow(rpc: Rpc, transaction: object): Promise<Receipt> {
  const receipt = await rpc<Receipt>('eth_sendTransactionSync', [{ gas: '0x500000', ...transaction }]);
  if (Number(receipt.status) !== 1) throw new Error('A transaction of the test reverted');
  return receipt;
}

async function readState(
  rpc: Rpc,
  contract: Address,
  key: StateKey<StateValue>,
  slots: DriverArtifact['slots'],
): Promise<StateValue | undefined> {
  const [name = '', ...parts] = key.path.split('/');
  const first = Object.entries(slots).find(([entity]) => entity === name)?.[1];
  if (first === undefined) throw new RangeError(`The contract stores no ${name}`);
  const slot = parts.reduce(mappingSlot, padded(`0x${first.toString(16)}`));
  const word = await rpc<Hex>('eth_getStorageAt', [contract, `0x${slot}`, 'latest']);
  return BigInt(word) === 0n ? undefined : key.entity.decode(fromHex(word));
}

// Solidity's layout: the value of `key` in the mapping at slot `p` lies at keccak256(key ‖ p).
function mappingSlot(slot: string, key: string): string {
  return keccak256(`0x${padded(key)}${slot}`).slice(2);
}

function padded(hex: string): string {
  return hex.slice(2).padStart(64, '0');
}

/** All that an iteration gives. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

/** What a promise rejects with, observed from the start; `undefined` where it resolves. */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
