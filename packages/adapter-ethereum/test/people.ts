import {
  type Authority,
  type Command,
  type CommandSigner,
  type Domain,
  type Hex,
  type Level,
  memorySigner,
  type Role,
  signCommand,
} from '@medseal/protocol';

/** The time that tests start at. */
export const NOW = 1_800_000_000;

/** A word of which every byte is `fill`; like real digests it has no zero bytes. */
export function word(fill: number): Hex {
  return `0x${fill.toString(16).padStart(2, '0').repeat(32)}`;
}

function signer(fill: number): CommandSigner {
  return memorySigner(new Uint8Array(32).fill(fill));
}

export const patient: CommandSigner = signer(0x11);
export const doctor: CommandSigner = signer(0x12);
export const hospital: CommandSigner = signer(0x13);
export const stranger: CommandSigner = signer(0x14);

const keys = [signer(0x21), signer(0x22), signer(0x23)].toSorted((a, b) => (a.address < b.address ? -1 : 1));

/** An authority with so many keys, of which `threshold` sign. */
export function authorityOf(threshold: number, count: number = threshold): Authority {
  return { threshold, keys: keys.slice(0, count).map(({ address }) => address) };
}

/** Those who sign for an authority with this threshold, ascending. */
export function officials(threshold: number): readonly CommandSigner[] {
  return keys.slice(0, threshold);
}

/** Command without what is the same everywhere. */
type Draft = Command extends infer C ? (C extends Command ? Omit<C, 'validUntil' | 'actor'> : never) : never;

/** Signs a draft on a ledger as the protocol wants it: by an actor, or by the authority. */
export async function write(
  draft: Draft & Record<string, unknown>,
  domain: Domain,
  by: CommandSigner | { readonly authority: readonly CommandSigner[]; readonly participant?: CommandSigner },
  validUntil: number = NOW + 3600,
): Promise<Uint8Array> {
  if ('address' in by)
    return signCommand({ validUntil, ...draft, actor: by.address } as unknown as Command, domain, by);
  const signers = by.participant === undefined ? by.authority : [...by.authority, by.participant];
  return signCommand({ validUntil, ...draft } as unknown as Command, domain, ...signers);
}

/** Registers somebody. */
export function registration(
  who: CommandSigner,
  domain: Domain,
  threshold: number,
  fields: {
    readonly roles?: readonly Role[];
    readonly clearance?: Level;
    readonly organisation?: Hex;
    readonly validUntil?: number;
  } = {},
): Promise<Uint8Array> {
  return write(
    {
      type: 'register',
      participant: who.address,
      keyDocument: word(0xa1),
      organisation: fields.organisation ?? `0x${'00'.repeat(20)}`,
      roles: fields.roles ?? ['patient'],
      clearance: fields.clearance ?? 'private',
      person: `0x${who.address.slice(2).padEnd(64, '5')}`,
    },
    domain,
    { authority: officials(threshold), participant: who },
    fields.validUntil,
  );
}
