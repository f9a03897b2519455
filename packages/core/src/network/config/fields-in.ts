import type { Field } from './fields.ts';
import { notesOf } from './fields.ts';

/** A field of a configuration with what stands there, whether it is right or not. */
export interface PlacedField {
  readonly field: Field<unknown>;
  readonly value: unknown;
  readonly path: string;
}

/** What of a schema's inside tells which schemas are inside it. */
interface Inside {
  readonly wrapped?: Field<unknown>;
  readonly entries?: Readonly<Record<string, Field<unknown>>>;
  readonly item?: Field<unknown>;
  /** What each name of a record has. */
  readonly value?: Field<unknown>;
}

/** The field and all fields inside it for which there is a value. Does not look into parts: they have fields of their own. */
export function* fieldsIn(field: Field<unknown>, value: unknown, path: string): Generator<PlacedField> {
  const { wrapped, entries, item, value: each } = field as Inside;
  if (wrapped !== undefined) {
    if (value !== undefined) yield* fieldsIn(wrapped, value, path);
    return;
  }
  yield { field, value, path };
  if (notesOf(field).secret === true) return;
  if (entries !== undefined && isRecord(value)) {
    for (const [name, inner] of Object.entries(entries))
      if (Object.hasOwn(value, name)) yield* fieldsIn(inner, value[name], join(path, name));
  } else if (each !== undefined && isRecord(value)) {
    for (const [name, one] of Object.entries(value)) yield* fieldsIn(each, one, join(path, name));
  } else if (item !== undefined && Array.isArray(value)) {
    for (const [index, one] of value.entries()) yield* fieldsIn(item, one, `${path}[${index}]`);
  }
}

/** Names of the fields inside a section; `undefined` for what is none. */
export function namesIn(field: Field<unknown>): readonly string[] | undefined {
  const { entries } = field as Inside;
  return notesOf(field).secret === true || entries === undefined ? undefined : Object.keys(entries);
}

/** A section, or names and their sections. */
export function isObjectField(field: Field<unknown>): boolean {
  const { entries, value } = field as Inside;
  return notesOf(field).secret !== true && (entries !== undefined || value !== undefined);
}

/** `store` and `copies` give `store.copies`. */
export function join(path: string, name: string): string {
  if (name === '') return path;
  return path === '' ? name : `${path}.${name}`;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
