import { concat, type Domain, type Hex, type Level } from '@medseal/protocol';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { TAG_BYTES } from '../lib/aead.ts';
import type { ByteReader } from '../lib/byte-reader.ts';
import { type ByteWriter, byteWriter } from '../lib/byte-writer.ts';
import { tagWord } from '../lib/tag-word.ts';
import type { Identity, Recipient, Stanza } from '../ports/recipient.ts';

export type { Stanza } from '../ports/recipient.ts';

/** A header has at least one. */
export type Stanzas = readonly [Stanza, ...Stanza[]];

/** What the stanza of a record is bound to. A parsed header is one. */
export interface StanzaContext {
  readonly domain: Domain;
  readonly recordId: Hex;
  /** Compartment tag. */
  readonly compartment: Hex;
  readonly level: Level;
  readonly epoch: number;
}

/** For sealed files, whose stanzas are bound to any bytes. */
export type FileRecipient = Recipient<Uint8Array>;

/** Opens stanzas of sealed files. */
export type FileIdentity = Identity<Uint8Array>;

export const DATA_KEY_BYTES = 32;

/** Length of a data key under AES-256-GCM. */
export const WRAPPED_BYTES: number = DATA_KEY_BYTES + TAG_BYTES;

/** The first stanza of a type. */
export function stanzaOf(stanzas: readonly Stanza[], type: number): Stanza | undefined {
  return stanzas.find((stanza) => stanza.type === type);
}

/** @throws RangeError */
export function requireDataKey(dataKey: Uint8Array): void {
  if (dataKey.length !== DATA_KEY_BYTES) throw new RangeError(`A data key has ${DATA_KEY_BYTES} bytes`);
}

/** One stanza for each recipient, in their order. @throws RangeError when there is none. */
export async function wrapForAll<Context>(
  recipients: readonly Recipient<Context>[],
  dataKey: Uint8Array,
  context: Context,
): Promise<Stanzas> {
  const stanzas: Stanza[] = [];
  for (const recipient of recipients) stanzas.push(await recipient.wrap(dataKey, context));
  const [first, ...others] = stanzas;
  if (first === undefined) throw new RangeError('What is sealed needs a recipient');
  return [first, ...others];
}

/** What binds a stanza to one record. The tag is another one for every type of stanza. */
export function recordContext(tag: string, context: StanzaContext): Uint8Array {
  const fields = byteWriter()
    .hex(context.domain, 32, 'domain')
    .hex(context.recordId, 32, 'recordId')
    .hex(context.compartment, 32, 'compartment')
    .level(context.level, 'level')
    .u32(context.epoch, 'epoch')
    .done();
  return concat(tagWord(tag), fields);
}

/** Number of stanzas, then of each: type, length, bytes. */
export function writeStanzas(stanzas: readonly Stanza[], out: ByteWriter): ByteWriter {
  out.u8(stanzas.length, 'number of stanzas');
  for (const { type, bytes } of stanzas) out.u8(type, 'stanza type').bytes(bytes, bytes.length, 'stanza');
  return out;
}

/** @param lengths the one length of every type that may stand here */
export function readStanzas(next: ByteReader, lengths: ReadonlyMap<number, number>): Stanzas {
  const count = next.u8('number of stanzas');
  const stanzas = Array.from({ length: count }, () => readStanza(next, lengths));
  const [first, ...others] = stanzas;
  if (first === undefined) throw new MalformedObjectError('header', 'number of stanzas', 'is 0');
  return [first, ...others];
}

function readStanza(next: ByteReader, lengths: ReadonlyMap<number, number>): Stanza {
  const type = next.u8('stanza type');
  const length = lengths.get(type) ?? 0;
  next.require(length > 0, 'stanza type', 'is not one that may stand here');
  const bytes = next.bytes(length, 'stanza');
  next.require(bytes.length === length, 'stanza', 'is cut short');
  return { type, bytes };
}
