import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AnyCommandDefinition,
  commands,
  encodeType,
  type FieldKind,
  kinds,
  MAX_VALIDITY,
  type Rejection,
  rejections,
  typeHash,
  toHex,
  wireFields,
} from '../packages/protocol/src/index.ts';
import { fillPage, table } from './generated-page.ts';

const definitions = Object.values(commands);

function kindsTable(): string {
  const rows = (Object.keys(kinds) as FieldKind[]).map((name) => [
    name,
    `\`${kinds[name].solidity}\``,
    kinds[name].doc,
  ]);
  return table(['kind', 'type', 'values'], rows);
}

function signersText({ signers, allowsBanned }: AnyCommandDefinition): string {
  if (signers === 'authority') return 'the authority';
  if (signers === 'authority, participant') return 'the authority, then the new participant';
  return allowsBanned === true ? 'the actor, also when banned' : 'the actor';
}

function ruleRows({ rules }: AnyCommandDefinition): readonly (readonly string[])[] {
  return rules.map(([code, outcome], index) => [
    `${index + 1}`,
    `\`${code}\``,
    outcome === 'reject' ? 'rejected' : 'violation',
    rejections[code].meaning,
  ]);
}

function commandSection(definition: AnyCommandDefinition): string {
  const fields = wireFields(definition).map(([name, { kind, doc }]) => [`\`${name}\``, kind, doc]);
  return [
    `### ${definition.name}`,
    definition.doc,
    `Type byte ${definition.code}. Signed by ${signersText(definition)}.`,
    table(['field', 'kind', 'meaning'], fields),
    table(['', 'rule', 'outcome', 'where it fails'], ruleRows(definition)),
    `Effect: ${definition.effectDoc}. Repeats: ${definition.repeatsDoc}.`,
  ].join('\n\n');
}

function typesTable(): string {
  return table(
    ['type', 'type hash'],
    definitions.map((definition) => [`\`${encodeType(definition)}\``, `\`${toHex(typeHash(definition))}\``]),
  );
}

function codesTable(by: Rejection['by']): string {
  const rows = Object.entries(rejections).filter(([, rejection]) => rejection.by === by);
  const numbered = by === 'ledger';
  return table(
    ['code', ...(numbered ? ['number'] : []), 'meaning', 'remedy'],
    rows.map(([code, { number, meaning, remedy }]) => [
      `\`${code}\``,
      ...(numbered ? [`${number}`] : []),
      meaning,
      remedy,
    ]),
  );
}

const parts: ReadonlyMap<string, () => string> = new Map([
  ['kinds', kindsTable],
  ['commands', () => definitions.map(commandSection).join('\n\n')],
  ['types', typesTable],
  ['ledger codes', () => codesTable('ledger')],
  ['holder codes', () => codesTable('holder')],
  ['client codes', () => codesTable('client')],
]);

if (MAX_VALIDITY !== 86_400) throw new Error('The page says that a command lives for a day at most');

// node tools/generate-docs.ts [--check] [page]: with --check it only compares, and fails where the page drifted.
const paths = process.argv.slice(2).filter((argument) => argument !== '--check');
const path = paths[0] ?? join(import.meta.dirname, '../docs/protocol.md');
const page = readFileSync(path, 'utf8');
const made = fillPage(page, parts);
if (!process.argv.includes('--check')) writeFileSync(path, made);
else if (made !== page) {
  console.error(`${path} is not what the definitions say. Run: node tools/generate-docs.ts`);
  process.exitCode = 1;
}
