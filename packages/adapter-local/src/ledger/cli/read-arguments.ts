import { parseArgs } from 'node:util';
import { type WitnessVerifier, witnessVerifier } from '@medseal/core/tlog';
import { isHex, type Hex } from '@medseal/protocol';
import { UsageError } from './exit-codes.ts';

const OPTIONS = {
  key: { type: 'string', short: 'k', multiple: true },
  threshold: { type: 'string', short: 'm' },
  domain: { type: 'string', short: 'd' },
  witness: { type: 'string', short: 'w', multiple: true },
  'assume-signatures': { type: 'boolean' },
  replace: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type OptionName = keyof typeof OPTIONS;

export interface Arguments {
  readonly command: string | undefined;
  /** Names of the options that were given. */
  readonly given: readonly string[];
  readonly files: readonly string[];
  readonly keys: readonly Hex[];
  readonly threshold: number | undefined;
  readonly domain: Hex | undefined;
  readonly witnesses: readonly WitnessVerifier[];
  readonly assumeSignatures: boolean;
  readonly replace: boolean;
  readonly quiet: boolean;
  readonly help: boolean;
}

/** @throws UsageError */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const [command, ...files] = positionals;
  return {
    command,
    given: Object.keys(values),
    files,
    keys: (values.key ?? []).map((key) => readHex(key.toLowerCase(), 20, 'key')),
    threshold: values.threshold === undefined ? undefined : readCount(values.threshold),
    domain: values.domain === undefined ? undefined : readHex(values.domain, 32, 'domain'),
    witnesses: (values.witness ?? []).map(readWitness),
    assumeSignatures: values['assume-signatures'] ?? false,
    replace: values.replace ?? false,
    quiet: values.quiet ?? false,
    help: values.help ?? false,
  };
}

function readHex(text: string, bytes: number, what: string): Hex {
  if (!isHex(text, bytes)) throw new UsageError(`a ${what} is 0x and ${2 * bytes} hexadecimal digits`);
  return text;
}

function readCount(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new UsageError('a threshold is a number from 1 on');
  return Number(text);
}

function readWitness(text: string): WitnessVerifier {
  try {
    return witnessVerifier(text);
  } catch (error) {
    throw new UsageError('a witness is given by its verifier key, name+id+key', { cause: error });
  }
}

type Parsed = ReturnType<typeof parseStrictly>;

function parse(args: readonly string[]): Parsed {
  try {
    return parseStrictly(args);
  } catch (error) {
    throw new UsageError(`wrong arguments: ${firstSentence(error)}`, { cause: error });
  }
}

function parseStrictly(args: readonly string[]) {
  return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
}

/** Node goes on with advice about file names that begin with a dash. */
function firstSentence(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split(/\. |\n/)[0] ?? '';
}
