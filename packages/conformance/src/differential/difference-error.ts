import type { RoutedStep } from './routed-step.ts';

/** Ledgers that must be one rule set differ from each other, or from the rules. */
export class DifferenceError extends Error {
  override readonly name = 'DifferenceError';
}

/** What one source says: the rules, or a ledger. */
export interface Claim {
  readonly source: string;
  readonly said: unknown;
}

/** One line for each place where the claims differ, and under it what each source says there. */
export function describeDifferences(claims: readonly Claim[], place: readonly string[] = []): readonly string[] {
  if (claims.every(({ said }) => isObject(said))) {
    const names = new Set(claims.flatMap(({ said }) => Object.keys(said as object)));
    return [...names].flatMap((name) =>
      describeDifferences(
        claims.map(({ source, said }) => ({ source, said: (said as Readonly<Record<string, unknown>>)[name] })),
        [...place, name],
      ),
    );
  }
  const texts = claims.map(({ source, said }) => ({ source, text: JSON.stringify(said) ?? 'nothing' }));
  if (texts.every(({ text }) => text === texts[0]?.text)) return [];
  return [
    abbreviated(`  ${place.join(' › ')}`),
    ...texts.map(({ source, text }) => abbreviated(`    ${source}: ${text}`)),
  ];
}

/** A step as a report shows it. */
export function describeStep({ number, cell, time, route }: RoutedStep, command: unknown): string {
  const fields = command === undefined ? 'bytes that are no signed command' : JSON.stringify(command);
  return `Step ${number} (${route}, time ${time}); the rules: ${cell}\n  ${abbreviated(fields)}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Digests and addresses are told apart by their first digits. */
function abbreviated(text: string): string {
  return text.replaceAll(/0x([0-9a-f]{8})[0-9a-f]{24,}/g, '0x$1…');
}
