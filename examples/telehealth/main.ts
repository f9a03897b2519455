import { makeOfficials } from './officials.ts';
import { Narrator } from './narrator.ts';
import { openLedger } from './open-ledger.ts';
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
  narrator.title(`medseal: a telehealth story on the ${options.ledger} ledger`);
  const officials = makeOfficials();
  const started = performance.now();
  await using opened = await openLedger(options.ledger, officials, (text) => narrator.progress(text));
  narrator.progress(`ledger ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  await runStory(opened.ledger, officials.signers, narrator);
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
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
