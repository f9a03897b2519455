import { type CallOptions, LedgerUnavailableError } from '@medseal/core/adapter';
import { withSignal } from './abort.ts';

/** A connection to an Ethereum node, as wallets and most libraries offer it (EIP-1193). */
export interface Eip1193Provider {
  request(request: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

/** The node answered a call with an error object. Whether that is a refusal by a rule is told by its `data`. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;
  /** Data of a revert, hex. */
  readonly data: string | undefined;

  constructor(message: string, code: number, data: string | undefined, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.data = data;
  }
}

/**
 * One JSON-RPC call. Numbers of the protocol come back as hex strings.
 *
 * @throws RpcError where the node answers with an error, LedgerUnavailableError where it does not answer.
 */
export type Rpc = <T>(method: string, params: readonly unknown[], options?: CallOptions) => Promise<T>;

/**
 * A call whose refusal means nothing to the caller but that the node does not serve it.
 *
 * @throws LedgerUnavailableError where the node does not answer, or answers with an error.
 */
export async function ask<T>(rpc: Rpc, method: string, params: readonly unknown[], options?: CallOptions): Promise<T> {
  try {
    return await rpc<T>(method, params, options);
  } catch (cause) {
    if (cause instanceof RpcError) throw new LedgerUnavailableError(`The Ethereum node refuses ${method}`, { cause });
    throw cause;
  }
}

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly message?: string; readonly code?: number; readonly data?: unknown };
}

/** JSON-RPC over HTTP. Credentials in the URL travel as a header: no error message ever repeats them. */
export function httpRpc(url: string, timeout: number): Rpc {
  const { target, headers } = splitCredentials(url);
  let count = 0;
  return async <T>(method: string, params: readonly unknown[], options: CallOptions = {}): Promise<T> => {
    const limit = AbortSignal.timeout(timeout);
    const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++count, method, params });
    let answer: Answer;
    try {
      const response = await fetch(target, { method: 'POST', headers, body, signal });
      answer = (await response.json()) as Answer;
    } catch (cause) {
      options.signal?.throwIfAborted();
      throw new LedgerUnavailableError('The Ethereum node does not answer', { cause });
    }
    if (answer.error !== undefined) throw rpcError(answer.error);
    if (answer.result === undefined) throw new LedgerUnavailableError('The Ethereum node gave no JSON-RPC answer');
    return answer.result as T;
  };
}

/** JSON-RPC through a provider of the application. */
export function providerRpc(provider: Eip1193Provider): Rpc {
  return async <T>(method: string, params: readonly unknown[], options: CallOptions = {}): Promise<T> => {
    options.signal?.throwIfAborted();
    try {
      return (await withSignal(provider.request({ method, params }), options.signal)) as T;
    } catch (cause) {
      options.signal?.throwIfAborted();
      if (isRpcAnswer(cause)) throw rpcError(cause);
      throw new LedgerUnavailableError('The Ethereum provider does not answer', { cause });
    }
  };
}

function rpcError(error: NonNullable<Answer['error']>): RpcError {
  return new RpcError(error.message ?? 'unnamed', error.code ?? 0, revertData(error), { cause: error });
}

// JSON-RPC and EIP-1193 errors carry a number; what ethers and Node throw for a dead connection carries a string.
function isRpcAnswer(value: unknown): value is NonNullable<Answer['error']> {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'number';
}

// Nodes put the data of a revert in `data`; some gateways and wallets wrap it once or twice.
function revertData(error: unknown): string | undefined {
  for (let inner = error, depth = 0; depth < 4; depth++) {
    if (typeof inner === 'string') return inner.startsWith('0x') ? inner : undefined;
    if (typeof inner !== 'object' || inner === null) return undefined;
    inner = 'data' in inner ? inner.data : 'originalError' in inner ? inner.originalError : undefined;
  }
  return undefined;
}

function splitCredentials(url: string): { target: string; headers: Record<string, string> } {
  const parsed = new URL(url);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (parsed.username !== '' || parsed.password !== '') {
    const pair = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
    headers['authorization'] = `Basic ${btoa(pair)}`;
    parsed.username = '';
    parsed.password = '';
  }
  return { target: parsed.href, headers };
}
