import type { Suite, SuiteCase } from './suite.ts';

/** Runs one case on a fresh subject. Resolves with the reason where the case does not apply; throws where it fails. */
export async function runCase<Driver, Subject extends AsyncDisposable>(
  suite: Suite<Driver, Subject>,
  one: SuiteCase<Subject>,
  driver: Driver,
): Promise<string | undefined> {
  await using subject = await suite.open(driver);
  const reason = one.requires?.(subject);
  if (reason === undefined) await one.run(subject);
  return reason;
}
