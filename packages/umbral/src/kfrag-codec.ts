import { equalBytes } from '@noble/curves/utils.js';
import { POINT_BYTES, scalarToBytes } from './curve.ts';
import { UmbralError } from './errors.ts';
import { ID_BYTES, type KFrag } from './kfrag.ts';
import { packArray, packBoolean, packBytes, unpack } from './message-pack.ts';
import { U } from './parameters.ts';

/** The MessagePack form of umbral-pre, 310 bytes. Secret: it holds the fragment's key. */
export function kfragToBytes(kfrag: KFrag): Uint8Array {
  return packArray(
    packArray(packBytes(U.toBytes())),
    packBytes(kfrag.id),
    packBytes(scalarToBytes(kfrag.key)),
    packBytes(kfrag.precursor.toBytes()),
    packArray(
      packBytes(kfrag.commitment.toBytes()),
      packBytes(kfrag.signatureForProxy),
      packBytes(kfrag.signatureForReceiver),
      packBoolean(kfrag.delegatingKeySigned),
      packBoolean(kfrag.receivingKeySigned),
    ),
  );
}

/**
 * Reads the MessagePack form; `verifyKFrag` comes next. The form carries the generator U, which must be ours: under
 * another one the proofs would prove nothing. Throws `MALFORMED`, or `INVALID_KFRAG` for another U.
 */
export function kfragFromBytes(bytes: Uint8Array): KFrag {
  return unpack(bytes, 'key fragment', (next) => {
    next.array(5);
    next.array(1);
    if (!equalBytes(next.bytes(POINT_BYTES, 'U'), U.toBytes())) {
      throw new UmbralError('INVALID_KFRAG', 'the key fragment was made for another generator U');
    }
    const id = next.bytes(ID_BYTES, 'id');
    const key = next.scalar('key');
    const precursor = next.point('precursor');
    next.array(5);
    const commitment = next.point('commitment');
    const signatureForProxy = next.signature('signature for the proxy');
    const signatureForReceiver = next.signature('signature for the receiver');
    const delegatingKeySigned = next.boolean('delegatingKeySigned');
    const receivingKeySigned = next.boolean('receivingKeySigned');
    const signatures = { signatureForProxy, signatureForReceiver, delegatingKeySigned, receivingKeySigned };
    return { id, key, precursor, commitment, ...signatures };
  });
}
