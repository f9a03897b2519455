import { type Authority, type CommandSigner, memorySigner } from '@medseal/protocol';
import { ConfigError, type ConfigIssue } from '../src/errors/config-error.ts';
import { LedgerUnavailableError } from '../src/errors/ledger-errors.ts';
import { memoryDirectory } from '../src/memory/memory-directory.ts';
import { memoryLedger } from '../src/memory/memory-ledger.ts';
import { memoryStore } from '../src/memory/memory-store.ts';
import { type Adapter, offer } from '../src/network/config/adapter.ts';
import type { NetworkConfig, PartConfig } from '../src/network/config/network-config.ts';
import { openNetwork, type OpenNetworkOptions } from '../src/network/open-network.ts';
import { failure } from './hospital.ts';

export const official: CommandSigner = memorySigner(new Uint8Array(32).fill(9));
export const authority: Authority = { threshold: 1, keys: [official.address] };
export const memory: PartConfig = { use: 'memory' };

/** Everything in memory, with three proxies. */
export const config: NetworkConfig = {
  ledger: { use: 'memory', authority },
  store: memory,
  directory: memory,
  keys: memory,
  proxies: [1, 2, 3].map((number) => ({ subject: `proxy ${number}`, state: memory })),
};

/** What a wrong configuration is told. */
export async function issuesOf(wrong: unknown, options?: OpenNetworkOptions): Promise<readonly ConfigIssue[]> {
  const error = await failure(openNetwork(wrong as NetworkConfig, options));
  if (!(error instanceof ConfigError)) throw error;
  return error.issues;
}

/** An adapter that says what happens to its parts. */
export function talkative(
  said: string[],
  options: { readonly failing?: string; readonly stuck?: string } = {},
): Adapter {
  const part = <Part extends AsyncDisposable>(kind: string, make: () => Part) =>
    offer(kind, {}, async (): Promise<Part> => {
      if (options.failing === kind) throw new LedgerUnavailableError(`no ${kind}`);
      said.push(`open ${kind}`);
      const close = async (): Promise<void> => {
        said.push(`close ${kind}`);
        if (options.stuck === kind) throw new Error(`${kind} is stuck`);
      };
      return new Proxy(make(), {
        get: (target, name) => {
          if (name === Symbol.asyncDispose) return close;
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
    });
  return {
    ledger: part('ledger', () => memoryLedger({ authority })),
    store: part('store', memoryStore),
    directory: part('directory', memoryDirectory),
  };
}
