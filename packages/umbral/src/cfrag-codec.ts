import type { CFrag } from './cfrag.ts';
import { scalarToBytes } from './curve.ts';
import { ID_BYTES } from './kfrag.ts';
import { packArray, packBytes, unpack } from './message-pack.ts';

/** The MessagePack form of umbral-pre, 381 bytes. */
export function cfragToBytes({ E1, V1, id, precursor, proof }: CFrag): Uint8Array {
  return packArray(
    packBytes(E1.toBytes()),
    packBytes(V1.toBytes()),
    packBytes(id),
    packBytes(precursor.toBytes()),
    packArray(
      packBytes(proof.E2.toBytes()),
      packBytes(proof.V2.toBytes()),
      packBytes(proof.commitment.toBytes()),
      packBytes(proof.U2.toBytes()),
      packBytes(scalarToBytes(proof.z)),
      packBytes(proof.signature),
    ),
  );
}

/** Reads the MessagePack form; `verifyCFrag` comes next. Throws `MALFORMED`. */
export function cfragFromBytes(bytes: Uint8Array): CFrag {
  return unpack(bytes, 'capsule fragment', (next) => {
    next.array(5);
    const E1 = next.point('E1');
    const V1 = next.point('V1');
    const id = next.bytes(ID_BYTES, 'id');
    const precursor = next.point('precursor');
    next.array(6);
    const E2 = next.point('E2');
    const V2 = next.point('V2');
    const commitment = next.point('commitment');
    const U2 = next.point('U2');
    const z = next.scalar('z');
    const signature = next.signature('signature');
    return { E1, V1, id, precursor, proof: { E2, V2, commitment, U2, z, signature } };
  });
}
