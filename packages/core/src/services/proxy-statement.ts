import { type Address, concat, type CommandSigner, type Domain, type Hex, recoverSigner } from '@medseal/protocol';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { UnverifiedObjectError } from '../errors/unverified-object-error.ts';
import { readObject } from '../lib/byte-reader.ts';
import { byteWriter } from '../lib/byte-writer.ts';
import { tagWord } from '../lib/tag-word.ts';

const kinds = ['accepted', 'deleted', 'noticed'] as const;

/** What a proxy puts its name to. A promise that can be held against it, not a proof. */
export interface ProxyStatement {
  readonly domain: Domain;
  readonly proxy: Address;
  /** Has taken charge of a grant's fragments; has deleted them; has taken note of a ban. */
  readonly kind: (typeof kinds)[number];
  /** The patient of the grant; of a ban, the proxy itself. */
  readonly patient: Address;
  /** Number of the grant; of a ban, zero. */
  readonly grant: Hex;
  /** By the proxy's own clock, seconds since 1970. */
  readonly time: number;
}

const OBJECT = 'proxy statement';
const VERSION = 1;
const SIGNATURE_BYTES = 65;

/** Body, then the proxy's signature over keccak256(tag word ‖ body). */
export async function issueStatement(statement: ProxyStatement, signer: CommandSigner): Promise<Uint8Array> {
  const body = byteWriter()
    .u8(VERSION, 'version')
    .hex(statement.domain, 32, 'domain')
    .hex(statement.proxy, 20, 'proxy')
    .u8(kinds.indexOf(statement.kind), 'kind')
    .hex(statement.patient, 20, 'patient')
    .hex(statement.grant, 32, 'grant')
    .u40(statement.time, 'time')
    .done();
  return concat(body, await signer.sign(digestOf(body)));
}

/**
 * Reads a statement and checks that the proxy whom it names signed it, for this ledger.
 *
 * @throws MalformedObjectError, or UnverifiedObjectError
 */
export function verifyStatement(bytes: Uint8Array, { domain }: { readonly domain: Domain }): ProxyStatement {
  const body = bytes.slice(0, Math.max(0, bytes.length - SIGNATURE_BYTES));
  const statement = readObject(body, OBJECT, (next): ProxyStatement => {
    next.require(next.u8('version') === VERSION, 'version', 'is unknown');
    const of = { domain: next.hex(32, 'domain'), proxy: next.hex(20, 'proxy') };
    const kind = kinds[next.u8('kind')];
    next.require(kind !== undefined, 'kind', 'is unknown');
    const about = { patient: next.hex(20, 'patient'), grant: next.hex(32, 'grant'), time: next.u40('time') };
    return { ...of, kind: kind ?? 'noticed', ...about };
  });
  if (recoverSigner(digestOf(body), bytes.slice(body.length)) !== statement.proxy)
    throw new UnverifiedObjectError(OBJECT, 'signature');
  if (statement.domain !== domain) throw new UnverifiedObjectError(OBJECT, 'domain');
  return statement;
}

function digestOf(body: Uint8Array): Uint8Array {
  return keccak_256(concat(tagWord('medseal proxy statement'), body));
}
