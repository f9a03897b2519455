import { inspect } from 'node:util';
import { ConfigError } from '@medseal/core';
import { makeOfficials } from './officials.ts';
import { Narrator } from './narrator.ts';
import { openConfigured } from './open-configured.ts';
import { openStage } from './open-stage.ts';
import { help, type Options, parseOptions } from './options.ts';
import { runStory } from './run-story.ts';

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return;
  if (options.help) {
    process.stdout.write(help);
    return;
  }
  const narrator = new Narrator({ plain: options.plain, write: (text) => process.stdout.write(text) });
  const where = options.config === undefined ? `the ${options.ledger} ledger` : 'a ledger of your own';
  narrator.title(`medseal: a telehealth story on ${where}`);
  const officials = makeOfficials();
  const started = performance.now();
  const progress = (text: string): void => narrator.progress(text);
  await using configured = await openConfigured(options, officials, progress);
  await using opened = await openStage(configured.config, configured.secrets, officials, narrator);
  narrator.progress(`ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  await runStory(opened, options.size);
  narrator.progress(`the whole took ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Options as given; a mistake is told without a stack. */
function readOptions(): Options | undefined {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}

main().catch((error: unknown) => {
  // What is wrong with a configuration needs no stack; an outage is told with its causes.
  process.stderr.write(`${error instanceof ConfigError ? error.message : inspect(error, { depth: 4 })}\n`);
  process.exitCode = 1;
});
