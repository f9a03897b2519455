import type { ConfigIssue } from '../../errors/config-error.ts';
import type { Adapter, Offer, PartKind } from './adapter.ts';
import { checkSection } from './check-section.ts';
import { type Fields, notesOf, optional, pattern, secret, section, type SecretReference, text } from './fields.ts';
import { fieldsIn, isRecord, join, isObjectField, namesIn, type PlacedField } from './fields-in.ts';
import { describeFound } from './found.ts';
import type { AdapterShelf } from './load-adapters.ts';
import { didYouMean } from './nearest-name.ts';

/** A part of a checked configuration, ready to be opened. */
export interface PartPlan {
  readonly kind: PartKind;
  readonly offer: Offer<unknown>;
  /** Checked, with defaults filled in, `use` among them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The parts inside, by what stands for them in `options`. */
  readonly inside: ReadonlyMap<unknown, PartPlan>;
}

/** A secret that the configuration refers to. */
export interface PlacedSecret {
  readonly path: string;
  readonly reference: SecretReference;
}

/** What planning gathers on its way through a configuration. */
export interface Planning {
  readonly shelf: AdapterShelf;
  readonly issues: ConfigIssue[];
  readonly secrets: PlacedSecret[];
  /** Failures behind issues. */
  readonly causes: unknown[];
}

const useField = text('Which adapter opens it.', 'name of an adapter');

/** Fields that every part of a kind has, whatever adapter opens it. */
export const commonFields: Readonly<Record<PartKind, Fields>> = {
  ledger: {
    use: useField,
    domain: optional(
      pattern(
        'The domain that this ledger must have, as the operator told it. Another one is refused with `WRONG_LEDGER`.',
        /^0x[0-9a-f]{64}$/,
        '0x and 64 lower-case hex digits',
      ),
    ),
  },
  store: { use: useField },
  mirrorState: { use: useField },
  directory: { use: useField },
  keyStore: { use: useField },
  proxyState: { use: useField },
  viewStore: {
    use: useField,
    key: optional(
      secret(
        'Authenticates what the store gives back. Without it, whoever can write there can make the view believe anything.',
      ),
    ),
  },
};

/** Checks fields, and the parts inside them. Gives what is right; what is wrong lands among the issues. */
export async function planSection(
  fields: Fields,
  value: unknown,
  path: string,
  planning: Planning,
): Promise<Pick<PartPlan, 'options' | 'inside'> | undefined> {
  if (!isRecord(value)) {
    planning.issues.push({ path, found: describeFound(value, '', false), allowed: 'an object' });
    return undefined;
  }
  const options = checkSection(fields, value, path, planning.issues);
  const inside = new Map<unknown, PartPlan>();
  for (const placed of fieldsIn(section('', fields), value, path)) {
    const notes = notesOf(placed.field);
    planning.issues.push(...shapeIssues(placed));
    if (notes.secret === true) planning.secrets.push({ path: placed.path, reference: placed.value as SecretReference });
    if (notes.part === undefined) continue;
    const plan = await planPart(notes.part as PartKind, placed.value, placed.path, planning);
    if (plan !== undefined) inside.set(placed.value, plan);
  }
  return options === undefined ? undefined : { options, inside };
}

/** What the schema library does not tell: every unknown field with the nearest known one, and a list for an object. */
function shapeIssues({ field, value, path }: PlacedField): readonly ConfigIssue[] {
  if (Array.isArray(value) && isObjectField(field))
    return [{ path, found: describeFound(value, '', false), allowed: 'an object' }];
  const names = namesIn(field);
  if (names === undefined) return isObjectField(field) ? reservedNames(value, path) : [];
  const unknown = isRecord(value) ? Object.keys(value).filter((name) => !names.includes(name)) : [];
  return unknown.map((name) => ({
    path: join(path, name),
    found: 'a field that is not known',
    allowed: didYouMean(name, names),
  }));
}

/** The schema library passes these over without a word. */
function reservedNames(value: unknown, path: string): readonly ConfigIssue[] {
  return ['__proto__', 'constructor', 'prototype']
    .filter((name) => isRecord(value) && Object.hasOwn(value, name))
    .map((name) => ({ path: join(path, name), found: 'a reserved name', allowed: 'another name' }));
}

async function planPart(
  kind: PartKind,
  value: unknown,
  path: string,
  planning: Planning,
): Promise<PartPlan | undefined> {
  if (!isRecord(value)) {
    planning.issues.push({ path, found: describeFound(value, '', false), allowed: `a ${kind} section with "use"` });
    return undefined;
  }
  const found = await findOffer(kind, value['use'], join(path, 'use'), planning);
  if (found === undefined) return undefined;
  const before = planning.issues.length;
  const planned = await planSection({ ...commonFields[kind], ...found.fields }, value, path, planning);
  if (planned !== undefined && planning.issues.length === before)
    for (const issue of found.check?.(planned.options) ?? [])
      planning.issues.push({ ...issue, path: join(path, issue.path) });
  return planned === undefined ? undefined : { kind, offer: found, ...planned };
}

async function findOffer(
  kind: PartKind,
  use: unknown,
  path: string,
  { shelf, issues, causes }: Planning,
): Promise<Adapter[PartKind]> {
  const names = shelf.namesFor(kind);
  const refuse = (found: string): undefined => {
    issues.push({
      path,
      found,
      allowed: typeof use === 'string' ? didYouMean(use, names) : names.map(quote).join(', '),
    });
    return undefined;
  };
  if (typeof use !== 'string') return refuse(describeFound(use, '', false));
  const shown = describeFound(use, '', true);
  const loading = shelf.get(use);
  if (loading === undefined) return refuse(`${shown}, which the application does not list`);
  const loaded = await loading;
  if (!('adapter' in loaded)) {
    if (loaded.cause !== undefined) causes.push(loaded.cause);
    issues.push({ path, found: `${shown}, ${loaded.problem}`, allowed: 'an adapter that is installed' });
    return undefined;
  }
  return loaded.adapter[kind] ?? refuse(`${shown}, which has no ${kind}`);
}

function quote(name: string): string {
  return JSON.stringify(name);
}
