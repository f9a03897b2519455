import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';

/** A ticket with the compartment's name, which only patient and author know. Travels in a box to the author. */
export interface NamedTicket {
  readonly name: string;
  readonly ticket: Uint8Array;
}

const MAX_NAME = 256;
const MAX_TICKET = 1024;

/** @throws RangeError when the name is longer than 256 bytes. */
export function encodeNamedTicket({ name, ticket }: NamedTicket): Uint8Array {
  return byteWriter().utf8(name, MAX_NAME, 'name').bytes(ticket, MAX_TICKET, 'ticket').done();
}

/** @throws MalformedObjectError */
export function parseNamedTicket(bytes: Uint8Array): NamedTicket {
  return readObject(bytes, 'named ticket', (next) => ({
    name: next.utf8(MAX_NAME, 'name'),
    ticket: next.bytes(MAX_TICKET, 'ticket'),
  }));
}
