import { createPrivateKey, sign } from 'node:crypto';
import { derInteger, derSequence } from './der.ts';
import type { FabricSigner } from './options.ts';

/** Order of the curve P-256 (FIPS 186-5). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * A signer over a P-256 private key in memory.
 *
 * @param privateKey PKCS #8 or SEC 1, PEM.
 * @throws RangeError when the key is not on P-256.
 */
export function pemSigner(privateKey: string): FabricSigner {
  const key = createPrivateKey(privateKey);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new RangeError('The private key is not a P-256 key');
  return async (message) => {
    const signature = sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' });
    const r = toBigInt(signature.subarray(0, 32));
    const s = toBigInt(signature.subarray(32));
    // Fabric refuses the other of the two valid values.
    return derSequence(derInteger(r), derInteger(s > ORDER / 2n ? ORDER - s : s));
  };
}

function toBigInt(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}
