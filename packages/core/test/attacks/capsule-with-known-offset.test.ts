import { secp256k1 } from '@noble/curves/secp256k1.js';
import { expect, it } from 'vitest';
import { generateKeys } from '../../src/keys/participant-keys.ts';
import { UMBRAL_STANZA, verifyUmbralStanza } from '../../src/recipients/umbral-stanza.ts';
import { parseHeader } from '../../src/seal/header.ts';
import { verifyTicket } from '../../src/seal/ticket.ts';
import { publicKeyOf } from '@medseal/umbral';
import { openHospital } from '../hospital.ts';
import { headerOf } from './attacker.ts';

const { Point } = secp256k1;
const POINT_BYTES = 33;

/** The stanza with `E + offset G` in place of E, and `V + offset G` in place of V where `both`. */
function shifted(stanza: Uint8Array, offset: bigint, both: boolean): Uint8Array {
  const bytes = stanza.slice();
  for (const place of both ? [0, POINT_BYTES] : [0]) {
    const point = Point.fromBytes(bytes.subarray(place, place + POINT_BYTES));
    bytes.set(point.add(Point.BASE.multiply(offset)).toBytes(), place);
  }
  return bytes;
}

// Had a proxy re-encrypted E + dG, the grantee could take d times a known point off the result and hold the key of E.
it('is no stanza that a holder acts on, in its own record or another', async () => {
  const at = await openHospital();
  const record = await at.seal();
  const header = parseHeader(await headerOf(at, record.id));
  const { delegatingPublicKey } = verifyTicket(header.ticket ?? new Uint8Array(), { domain: header.domain });
  const [stanza] = header.stanzas;
  expect(() => verifyUmbralStanza(stanza, delegatingPublicKey, header)).not.toThrow();
  const refused = expect.objectContaining({ code: 'BAD_STANZA' }) as Error;
  const other = { ...header, recordId: `0x${'12'.repeat(32)}` } as const;
  for (const offset of [1n, 2n, secp256k1.Point.Fn.ORDER - 1n])
    for (const both of [false, true])
      for (const context of [header, other]) {
        const bytes = shifted(stanza.bytes, offset, both);
        expect(() => verifyUmbralStanza({ type: UMBRAL_STANZA, bytes }, delegatingPublicKey, context)).toThrow(refused);
      }
  const stranger = publicKeyOf(generateKeys().receivingSecret);
  expect(() => verifyUmbralStanza(stanza, stranger, header)).toThrow(refused);
});
