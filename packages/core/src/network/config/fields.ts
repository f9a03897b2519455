import * as v from 'valibot';

/** How one field of a configuration is checked, told apart and documented. */
export type Field<Value> = v.GenericSchema<unknown, Value>;

/** The fields of a section, by name. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What a section holds once it was checked. */
export type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer Value> ? Value : never };

/** What tools that read a field's schema find beside its description. */
export interface FieldNotes {
  /** What the documentation calls the type. */
  readonly label?: string;
  /** The value is a part with a `use` of its own. */
  readonly part?: string;
  /** The value refers to a secret. */
  readonly secret?: true;
}

/** Where a secret is to be found. A configuration holds these, never a secret. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/** What may stand in place of a secret. Also the mark by which a literal is recognised, so that it is never repeated. */
export const SECRET_ALLOWED = 'a reference: { "env": "NAME" } or { "file": "path" }';

/** Name of an environment variable (POSIX, with small letters). */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Text that is not empty. */
export function text(doc: string, label = 'text'): Field<string> {
  return note(v.pipe(v.string(label), v.nonEmpty(`${label} that is not empty`)), doc, { label });
}

/** Text of one form, which `label` describes, such as `0x and 40 hex digits`. */
export function pattern(doc: string, form: RegExp, label: string): Field<string> {
  return note(v.pipe(v.string(label), v.regex(form, label)), doc, { label });
}

/** Path of a file or folder. A relative one starts from the configuration's `base`. */
export function path(doc: string): Field<string> {
  return text(doc, 'path');
}

/** A whole number. */
export function count(doc: string, min: number, max: number = Number.MAX_SAFE_INTEGER): Field<number> {
  const label = max === Number.MAX_SAFE_INTEGER ? `whole number from ${min} on` : `whole number from ${min} to ${max}`;
  const number = v.pipe(v.number(label), v.integer(label), v.minValue(min, label), v.maxValue(max, label));
  return note(number, doc, { label });
}

/** `true` or `false`. */
export function flag(doc: string): Field<boolean> {
  return note(v.boolean('true or false'), doc, { label: 'true or false' });
}

/** One of some words. */
export function choice<const Word extends string>(doc: string, words: readonly Word[]): Field<Word> {
  const label = words.map((word) => JSON.stringify(word)).join(' or ');
  return note(v.picklist(words, label), doc, { label });
}

/** A reference to a secret. What is refused here is never repeated in a message. */
export function secret(doc: string): Field<SecretReference> {
  const name = v.pipe(v.string(SECRET_ALLOWED), v.regex(VARIABLE, SECRET_ALLOWED));
  const file = v.pipe(v.string(SECRET_ALLOWED), v.nonEmpty(SECRET_ALLOWED));
  const references = [v.strictObject({ env: name }, SECRET_ALLOWED), v.strictObject({ file }, SECRET_ALLOWED)] as const;
  const reference = v.union(references, SECRET_ALLOWED);
  return note(reference, doc, { label: 'secret', secret: true });
}

/** Several of one kind. */
export function list<Value>(doc: string, item: Field<Value>, min = 0): Field<readonly Value[]> {
  const label = min === 0 ? 'list' : `list of ${min} or more`;
  return note(v.pipe(v.array(item, label), v.minLength(min, label)), doc, { label });
}

/** Some of one kind, each under a name that the application chooses. */
export function named<Value>(doc: string, item: Field<Value>): Field<Readonly<Record<string, Value>>> {
  const some = v.pipe(v.record(v.string(), item, 'an object'), v.minEntries(1, 'an object with one or more'));
  return note(some, doc, { label: 'names and their sections' });
}

/** Fields inside a field. Those that it does not know are refused. */
export function section<const F extends Fields>(doc: string, fields: F): Field<Values<F>> {
  const object = v.objectWithRest(fields, v.never(), (issue) => missing(fields, issue.path?.at(-1)?.key));
  return note(object, doc, { label: 'section' }) as Field<Values<F>>;
}

/** A field with a rule over its whole value, in words that stand for what is allowed. */
export function checked<Value>(field: Field<Value>, rule: (value: Value) => boolean, allowed: string): Field<Value> {
  return v.pipe(field, v.check(rule, allowed));
}

/** A part of a deployment inside another, with a `use` of its own: `store` for the copies of a mirror. */
export function part(doc: string, kind: string): Field<unknown> {
  return note(v.unknown(), doc, { label: `${kind} section`, part: kind });
}

/** A field that may be absent. */
export function optional<Value>(field: Field<Value>): Field<Value | undefined> {
  return v.optional(field);
}

/** A field that has this value when it is absent. */
export function withDefault<Value>(field: Field<Value>, value: Value): Field<Value> {
  return v.optional(field, () => value) as Field<Value>;
}

/** What a field's schema says of itself. */
export function notesOf(field: Field<unknown>): FieldNotes {
  return v.getMetadata(field) as FieldNotes;
}

function note<Value>(schema: Field<Value>, doc: string, notes: FieldNotes): Field<Value> {
  return v.pipe(schema, v.description(doc), v.metadata({ ...notes }));
}

function missing(fields: Fields, key: unknown): string {
  const field = typeof key === 'string' ? fields[key] : undefined;
  if (field === undefined) return 'an object';
  return notesOf(field).secret === true ? SECRET_ALLOWED : (notesOf(field).label ?? 'a value');
}
