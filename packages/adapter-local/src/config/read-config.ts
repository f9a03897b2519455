import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigError, type NetworkConfig } from '@medseal/core/adapter';

/**
 * A configuration in a JSON file, for `openNetwork`, which checks it. Its relative paths start from the folder of the
 * file, or from its `base`, which starts from there.
 *
 * @throws ConfigError when the file is not a JSON object; the system's error when it cannot be read.
 */
export async function readConfig(path: string): Promise<NetworkConfig> {
  const config = parse(await readFile(path, 'utf8'));
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw new ConfigError([{ path: '', found: 'other JSON', allowed: 'a JSON object' }]);
  const base = 'base' in config ? config.base : '.';
  // What is not a path is told by openNetwork, with everything else that is wrong.
  if (typeof base !== 'string') return config as NetworkConfig;
  return { ...config, base: resolve(dirname(path), base) } as NetworkConfig;
}

function parse(text: string): unknown {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    const before = json.slice(0, mistakeIn(json, error)).split('\n');
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw new ConfigError([{ path: '', found: `text that stops being JSON at ${place}`, allowed: 'a JSON object' }]);
  }
}

const TOKEN =
  /[\t\n\r ]+|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/uy;

/**
 * Where text stops being JSON. The engine's message repeats the text around the mistake, where a secret may stand, and
 * tells the place only of tokens that are right but out of place.
 */
function mistakeIn(json: string, error: unknown): number {
  let at = 0;
  for (TOKEN.lastIndex = 0; at < json.length && TOKEN.test(json); at = TOKEN.lastIndex);
  if (at < json.length) return at;
  const told = /position (?<position>\d+)/.exec(error instanceof Error ? error.message : '')?.groups?.['position'];
  return told === undefined ? json.length : Number(told);
}
