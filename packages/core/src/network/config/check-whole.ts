import type { ConfigIssue } from '../../errors/config-error.ts';
import { isRecord } from './fields-in.ts';

/** What no field can tell alone. Says nothing of fields that are wrong by themselves. */
export function checkWhole(config: Readonly<Record<string, unknown>>): readonly ConfigIssue[] {
  const proxies = Array.isArray(config['proxies']) ? config['proxies'].filter(isRecord) : [];
  return [
    ...thresholdIssues(config['threshold'], proxies.length),
    ...proxyIssues(proxies, config['keys'] !== undefined),
  ];
}

function thresholdIssues(threshold: unknown, proxies: number): readonly ConfigIssue[] {
  if (!Number.isSafeInteger(threshold) || typeof threshold !== 'number' || threshold < 1 || proxies === 0) return [];
  if (threshold > proxies / 2 && threshold <= proxies) return [];
  const least = Math.floor(proxies / 2) + 1;
  return [
    { path: 'threshold', found: String(threshold), allowed: `${least} to ${proxies}, a majority of the proxies` },
  ];
}

function proxyIssues(proxies: readonly Readonly<Record<string, unknown>>[], shared: boolean): readonly ConfigIssue[] {
  return proxies.flatMap((proxy, index) => {
    const issues: ConfigIssue[] = [];
    const before = proxies.slice(0, index);
    const own = proxy['keys'] !== undefined;
    if (!own && !shared)
      issues.push({
        path: `proxies[${index}].keys`,
        found: 'nothing',
        allowed: 'a key store here, or `keys` for the whole network',
      });
    if (!own && before.some(({ keys, subject }) => keys === undefined && subject === proxy['subject']))
      issues.push({
        path: `proxies[${index}].subject`,
        found: 'the subject of another proxy',
        allowed: 'a subject of its own',
      });
    for (const part of ['state', 'view'])
      if (before.some((other) => isSamePart(other[part], proxy[part])))
        issues.push({
          path: `proxies[${index}].${part}`,
          found: `the ${part} of another proxy`,
          allowed: `a ${part} of its own`,
        });
    return issues;
  });
}

/** Two in memory are two. */
function isSamePart(a: unknown, b: unknown): boolean {
  return isRecord(a) && isRecord(b) && a['use'] !== 'memory' && JSON.stringify(a) === JSON.stringify(b);
}
