import { UmbralError } from '@medseal/umbral';
import type { ProxyFault } from '../errors/proxy-errors.ts';
import { RejectedError } from '../errors/rejected-error.ts';
import type { Proxy } from '../ports/proxy.ts';

/** Asks all proxies at once. None holds up another, and one that fails is reported with the reason. */
export async function askProxies<T>(
  proxies: readonly Proxy[],
  call: (proxy: Proxy) => Promise<T>,
): Promise<{ readonly answers: readonly T[]; readonly faults: readonly ProxyFault[] }> {
  const answers: T[] = [];
  const faults: ProxyFault[] = [];
  const outcomes = await Promise.allSettled(proxies.map(call));
  for (const [index, proxy] of proxies.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'fulfilled') answers.push(outcome.value);
    else faults.push({ proxy: proxy.id, kind: kindOf(outcome?.reason), cause: outcome?.reason });
  }
  return { answers, faults };
}

function kindOf(cause: unknown): ProxyFault['kind'] {
  if (cause instanceof RejectedError) return 'refused';
  return cause instanceof UmbralError ? 'cheated' : 'unavailable';
}
