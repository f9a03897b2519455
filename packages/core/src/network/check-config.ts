import type { CallOptions } from '../ports/call-options.ts';
import type { SecretResolver } from './config/check-secrets.ts';
import type { AdapterLoaders } from './config/load-adapters.ts';
import type { NetworkConfig } from './config/network-config.ts';
import { planNetwork } from './config/plan-network.ts';

export interface CheckConfigOptions extends CallOptions {
  /** The adapters that the application ships, by the name that `use` has. */
  readonly adapters?: AdapterLoaders | undefined;
  /** Asked for every secret, whose values are not looked at; nothing is asked for when absent. */
  readonly secrets?: SecretResolver | undefined;
}

/**
 * Checks a configuration as `openNetwork` does, and opens nothing: for a test of a deployment. Resolves with what the
 * configuration comes to, defaults filled in.
 *
 * @throws ConfigError with everything that is wrong.
 */
export async function checkConfig(config: NetworkConfig, options: CheckConfigOptions = {}): Promise<NetworkConfig> {
  const { adapters = {}, secrets = async () => '', signal } = options;
  return (await planNetwork(config, adapters, secrets, { signal })).effective;
}
