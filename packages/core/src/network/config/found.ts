import { SECRET_ALLOWED } from './fields.ts';

/** Longest word that is repeated: longer ones are nobody's slip in a choice of words. */
const SHOWN_LENGTH = 32;

/** What stands where something else should: never more than is needed to find the mistake. */
export function describeFound(value: unknown, allowed: string, showText: boolean): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (allowed === SECRET_ALLOWED) return 'a literal';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return `a ${typeof value}`;
  if (value === '') return 'empty text';
  if (showText && value.length <= SHOWN_LENGTH) return JSON.stringify(value);
  return `text of ${value.length} character${value.length === 1 ? '' : 's'}`;
}
