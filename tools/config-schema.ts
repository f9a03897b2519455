import { toJsonSchema } from '@valibot/to-json-schema';
import { adapter as ethereum } from '../packages/adapter-ethereum/src/index.ts';
import { adapter as fabric } from '../packages/adapter-fabric/src/index.ts';
import { adapter as local } from '../packages/adapter-local/src/index.ts';
import { builtInAdapters, commonFields, networkFields } from '../packages/core/src/index.ts';
import { type Adapter, type Fields, fields, type Offer, type PartKind } from '../packages/core/src/adapter.ts';

/** JSON Schema as far as it is used here. `label`, `part` and `secret` are notes for the documentation. */
export interface JsonSchema {
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly label?: string;
  readonly part?: string;
  readonly secret?: true;
  readonly [keyword: string]: unknown;
}

/** The adapters of this repository, by the name that the documentation gives them. */
export const adapters: Readonly<Record<string, Adapter>> = { local, ethereum, fabric, ...builtInAdapters };

export const kinds: readonly PartKind[] = Object.keys(commonFields) as PartKind[];

/** What offers a part of a kind, by the name of the adapter. */
export function offersOf(kind: PartKind): readonly (readonly [name: string, offer: Offer<unknown>])[] {
  return Object.entries(adapters).flatMap(([name, adapter]) => {
    const offer = adapter[kind];
    return offer === undefined ? [] : [[name, offer] as const];
  });
}

/** A section's JSON Schema, with the notes that fields carry. */
export function sectionSchema(doc: string, entries: Fields): JsonSchema {
  const schema = toJsonSchema(fields.section(doc, entries), { ignoreActions: ['check'] });
  return closed(schema as unknown as JsonSchema);
}

/** Of a whole configuration, for editors: no notes, and each kind of part by reference. */
export function configSchema(): JsonSchema {
  const definitions = Object.fromEntries(kinds.map((kind) => [kind, forEditors(partSchema(kind))]));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'medseal configuration',
    ...forEditors(sectionSchema('A deployment of medseal; docs/configuration.md explains it.', networkFields)),
    definitions,
  };
}

function partSchema(kind: PartKind): JsonSchema {
  const known = offersOf(kind).map(([name, { doc, fields: own }]) => {
    const schema = sectionSchema(doc, { ...commonFields[kind], ...own });
    return { ...schema, properties: { ...schema.properties, use: { const: name } } };
  });
  const names = offersOf(kind).map(([name]) => name);
  const other = { type: 'object', properties: { use: { type: 'string', not: { enum: names } } }, required: ['use'] };
  return { oneOf: [...known, { ...other, description: 'An adapter of the application’s own.' }] };
}

/** A section knows all of its fields; the library writes that as "no value at all fits any other". */
function closed(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (one) => {
    const open = JSON.stringify(one.additionalProperties) !== '{"not":{}}';
    return without({ ...one, ...(!open && { additionalProperties: false }) }, ['$schema']);
  });
}

function forEditors(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (one) => {
    if (one.part !== undefined)
      return { description: one.description ?? '', allOf: [{ $ref: `#/definitions/${one.part}` }] };
    return without(one, ['label', 'secret', ...(one['maximum'] === Number.MAX_SAFE_INTEGER ? ['maximum'] : [])]);
  });
}

function without(schema: JsonSchema, keywords: readonly string[]): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));
}

/** Changes a schema and all inside it, the innermost first. */
function mapSchema(schema: JsonSchema, change: (one: JsonSchema) => JsonSchema): JsonSchema {
  const map = (one: JsonSchema): JsonSchema => mapSchema(one, change);
  const mapAll = (name: string): JsonSchema =>
    Array.isArray(schema[name]) ? { [name]: (schema[name] as readonly JsonSchema[]).map(map) } : {};
  const { properties, items, additionalProperties } = schema;
  return change({
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, map(one)])),
    }),
    ...(items && { items: map(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: map(additionalProperties) }),
    ...mapAll('oneOf'),
    ...mapAll('anyOf'),
  });
}
