import { parseArgs } from 'node:util';
import { UsageError } from './exit-codes.ts';

export interface Arguments {
  readonly command: string | undefined;
  /** Path of the input; `undefined` for standard input. */
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly force: boolean;
  readonly recipients: readonly string[];
  readonly key: string | undefined;
  readonly passphrase: boolean;
  readonly passphraseFile: string | undefined;
  readonly dataKey: string | undefined;
  readonly type: string;
  readonly time: string | undefined;
  readonly help: boolean;
}

/** @throws UsageError */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const [command, input, ...others] = positionals;
  if (others.length > 0) throw new UsageError('more than one file');
  return {
    command,
    input: fileOrStream(input),
    output: fileOrStream(values.output),
    force: values.force ?? false,
    recipients: values.recipient ?? [],
    key: values.key,
    passphrase: values.passphrase ?? false,
    passphraseFile: values['passphrase-file'],
    dataKey: values['data-key'],
    type: values.type ?? 'application/octet-stream',
    time: values.time,
    help: values.help ?? false,
  };
}

type Parsed = ReturnType<typeof parseStrictly>;

function parse(args: readonly string[]): Parsed {
  try {
    return parseStrictly(args);
  } catch (error) {
    // Node's message may quote what was typed, and that may be a passphrase: only its first line, without values.
    const code = (error as { code?: unknown }).code;
    throw new UsageError(code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? 'unknown option' : 'wrong arguments');
  }
}

function parseStrictly(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o' },
      force: { type: 'boolean', short: 'f' },
      recipient: { type: 'string', short: 'r', multiple: true },
      key: { type: 'string', short: 'k' },
      passphrase: { type: 'boolean', short: 'p' },
      'passphrase-file': { type: 'string' },
      'data-key': { type: 'string' },
      type: { type: 'string' },
      time: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function fileOrStream(path: string | undefined): string | undefined {
  return path === '-' ? undefined : path;
}
