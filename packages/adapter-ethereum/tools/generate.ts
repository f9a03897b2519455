/**
 * Writes what the contract and the reader take from `@medseal/protocol`: run `pnpm generate`, or with `--check` to
 * fail where a committed file differs.
 */
import { generateCommands } from './generate-commands.ts';
import { generateErrors } from './generate-errors.ts';
import { generateLayout } from './generate-layout.ts';
import { generateVocabulary } from './generate-vocabulary.ts';
import { runGenerator } from './generated-files.ts';

/** Every generated file by its path inside the package. */
export async function generateFiles(): Promise<Readonly<Record<string, string>>> {
  return {
    'contracts/generated/Commands.sol': generateCommands(),
    'contracts/generated/Errors.sol': generateErrors(),
    'contracts/generated/Vocabulary.sol': generateVocabulary(),
    'src/generated/layout.ts': await generateLayout(),
  };
}

if (import.meta.main) await runGenerator(await generateFiles());
