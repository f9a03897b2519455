import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commonFields, networkFields } from '../packages/core/src/index.ts';
import type { PartKind } from '../packages/core/src/adapter.ts';
import { configSchema, type JsonSchema, kinds, offersOf, sectionSchema } from './config-schema.ts';
import { fillPage, table } from './generated-page.ts';

const repository = join(import.meta.dirname, '..');
const examples = ['local', 'ethereum', 'fabric', 'memory', 'mirrored'];

/** A row a field, those of inner sections by their path. */
function rows(section: JsonSchema, prefix = ''): readonly (readonly string[])[] {
  return Object.entries(section.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix + name;
    const required = section.required?.includes(name) === true;
    const row = [
      `\`${path}\``,
      typeOf(field),
      required ? '**required**' : shown(field.default),
      field.description ?? '',
    ];
    return [row, ...rows(field, `${path}.`), ...rows(field.items ?? {}, `${path}[].`)];
  });
}

function typeOf({ label = '', items }: JsonSchema): string {
  return items === undefined || items.properties !== undefined ? label : `${label}: ${items.label ?? ''}`;
}

/** The defaults of a whole section stand beside its fields. */
function shown(value: unknown): string {
  return value === undefined || typeof value === 'object' ? '' : `\`${JSON.stringify(value)}\``;
}

function fieldTable(section: JsonSchema): string {
  const all = rows(section);
  return all.length === 0 ? 'It has no fields.' : table(['field', 'type', 'default', 'meaning'], all);
}

function kindSection(kind: PartKind): string {
  const { use: _, ...common } = commonFields[kind];
  const shared =
    Object.keys(common).length === 0 ? [] : ['Whatever `use` says:', fieldTable(sectionSchema('', common))];
  const offers = offersOf(kind).flatMap(([name, { doc, fields }]) => [
    `#### \`"use": "${name}"\``,
    doc,
    ...(Object.keys(fields).length === 0 ? [] : [fieldTable(sectionSchema(doc, fields))]),
  ]);
  return [...shared, ...offers].join('\n\n');
}

function example(name: string): string {
  return `\`\`\`json\n${readFileSync(join(repository, 'examples/config', `${name}.json`), 'utf8')}\`\`\``;
}

const parts: ReadonlyMap<string, () => string> = new Map([
  ['whole', () => fieldTable(sectionSchema('', networkFields))],
  ...kinds.map((kind) => [kind, () => kindSection(kind)] as const),
  ...examples.map((name) => [`example ${name}`, () => example(name)] as const),
]);

// node --conditions=@medseal/source tools/generate-config-docs.ts [--check] [page] [schema]: with --check it only
// compares, and fails where one of the two drifted.
const paths = process.argv.slice(2).filter((argument) => argument !== '--check');
const page = paths[0] ?? join(repository, 'docs/configuration.md');
const schema = paths[1] ?? join(repository, 'packages/core/config.schema.json');
const made: readonly (readonly [path: string, content: string])[] = [
  [page, fillPage(readFileSync(page, 'utf8'), parts)],
  [schema, `${JSON.stringify(configSchema(), undefined, 2)}\n`],
];
for (const [path, content] of made) {
  if (!process.argv.includes('--check')) writeFileSync(path, content);
  else if (readFileSync(path, 'utf8') !== content) {
    console.error(
      `${path} is not what the fields say. Run: node --conditions=@medseal/source tools/generate-config-docs.ts`,
    );
    process.exitCode = 1;
  }
}
