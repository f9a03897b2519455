import { ConfigError } from '../../errors/config-error.ts';
import type { CallOptions } from '../../ports/call-options.ts';
import { builtIn } from './built-in.ts';
import { checkSecrets, type SecretResolver } from './check-secrets.ts';
import { checkWhole } from './check-whole.ts';
import { isRecord } from './fields-in.ts';
import { type AdapterLoaders, AdapterShelf } from './load-adapters.ts';
import type { NetworkConfig, NetworkValues } from './network-config.ts';
import { networkFields } from './network-fields.ts';
import { type PartPlan, type Planning, planSection } from './plan.ts';

export interface NetworkPlan {
  readonly values: NetworkValues;
  readonly inside: PartPlan['inside'];
  /** What the configuration comes to, with defaults filled in. */
  readonly effective: NetworkConfig;
}

/**
 * Checks everything that can be checked before anything is opened, secrets included.
 *
 * @throws ConfigError
 */
export async function planNetwork(
  given: unknown,
  adapters: AdapterLoaders,
  secrets: SecretResolver,
  { signal }: CallOptions,
): Promise<NetworkPlan> {
  const planning: Planning = { shelf: new AdapterShelf(builtIn, adapters), issues: [], secrets: [], causes: [] };
  const config = copy(given);
  const planned = await planSection(networkFields, config, '', planning);
  if (isRecord(config)) planning.issues.push(...checkWhole(config));
  signal?.throwIfAborted();
  if (planning.issues.length === 0) {
    const base = planned?.options['base'] as string | undefined;
    planning.issues.push(...(await checkSecrets(planning, secrets, { base, signal })));
  }
  if (planned === undefined || planning.issues.length > 0) throw toError(planning);
  const { options, inside } = planned;
  // The two types say what `networkFields` says.
  const values = options as unknown as NetworkValues;
  return { values, inside, effective: effective(options, inside) as NetworkConfig };
}

function toError({ issues, causes }: Planning): ConfigError {
  const [cause] = causes;
  return new ConfigError(
    issues.toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path))),
    cause === undefined ? undefined : { cause },
  );
}

/** A copy in which nothing stands in two places, since parts are known by their identity; nobody else can change it. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, copy(one)]));
}

/** A copy of checked values, in which the checked parts stand in the place of those that were given. */
function effective(value: unknown, inside: PartPlan['inside']): unknown {
  const plan = inside.get(value);
  if (plan !== undefined) return effective(plan.options, plan.inside);
  if (Array.isArray(value)) return value.map((one) => effective(one, inside));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, effective(one, inside)]));
}
