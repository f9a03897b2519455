import { createPrivateKey, sign } from 'node:crypto';
import { type Checkpoint, checkpointText, ed25519NoteSigner, type NoteSigner, signNote } from '@medseal/core/tlog';

/** DER of an Ed25519 private key in PKCS #8 (RFC 8410), up to its 32 bytes. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SECRET = 32;

/** Signs the checkpoints of one log. */
export interface CheckpointKey {
  readonly verifierKey: string;
  readonly sign: (checkpoint: Checkpoint) => string;
}

/**
 * @param secret 32 bytes, the seed of an Ed25519 key (RFC 8032)
 * @throws RangeError when there are not 32 of them.
 */
export function checkpointKey(name: string, secret: Uint8Array): CheckpointKey {
  if (secret.length !== SECRET) throw new RangeError('The key of the checkpoints has 32 bytes');
  const own = ed25519NoteSigner({ name, secretKey: secret });
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' });
  // Node's Ed25519 gives the same bytes in a tenth of the time; this runs in every commit.
  const signer: NoteSigner = { ...own, sign: (text) => Uint8Array.from(sign(null, Buffer.from(text), key)) };
  return { verifierKey: own.verifierKey, sign: (checkpoint) => signNote(checkpointText(checkpoint), [signer]) };
}
