import { makeOfficials } from './officials.ts';
import { Narrator } from './narrator.ts';
import { openLedger } from './open-ledger.ts';
import { help, parseOptions } from './options.ts';
import { runStory } from './run-story.ts';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
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

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
