import * as v from 'valibot';
import type { ConfigIssue } from '../../errors/config-error.ts';
import { type Fields, section } from './fields.ts';
import { join } from './fields-in.ts';
import { describeFound } from './found.ts';

/**
 * The section's values with defaults filled in; `undefined` when something is wrong, and then `issues` has got all of
 * it.
 */
export function checkSection(
  fields: Fields,
  value: unknown,
  path: string,
  issues: ConfigIssue[],
): Readonly<Record<string, unknown>> | undefined {
  const result = v.safeParse(section('', fields), value, { abortPipeEarly: true });
  if (result.success) return result.output;
  // Unknown fields are told elsewhere: from here the names of the known ones cannot be seen.
  issues.push(...result.issues.filter(({ type }) => type !== 'never').map((issue) => toIssue(issue, path)));
  return undefined;
}

function toIssue(issue: v.BaseIssue<unknown>, base: string): ConfigIssue {
  const path = placeOf(issue, base);
  return { path, found: describeFound(issue.input, issue.message, issue.type === 'picklist'), allowed: issue.message };
}

function placeOf({ path }: v.BaseIssue<unknown>, base: string): string {
  return (path ?? []).reduce(
    (place, { key, type }) => (type === 'array' ? `${place}[${String(key)}]` : join(place, String(key))),
    base,
  );
}
