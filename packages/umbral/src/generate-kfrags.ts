import { numberToBytesBE } from '@noble/curves/utils.js';
import { randomBytes } from '@noble/hashes/utils.js';
import { backend } from './current-backend.ts';
import { Fn, invertSecret, scalarToBytes } from './curve.ts';
import { UmbralError } from './errors.ts';
import { type PublicKey, publicKeyOf, type SecretKey } from './keys.ts';
import { ID_BYTES, signedMessage, type VerifiedKFrag } from './kfrag.ts';
import { U } from './parameters.ts';
import { hedgedScalar, randomScalar } from './random-scalar.ts';
import { fragmentIndex, sharedFactor, type SharedSecret } from './shared-secret.ts';
import { sign, type Signer } from './signer.ts';

export interface Delegation {
  readonly delegatingSecret: SecretKey;
  readonly receivingKey: PublicKey;
  readonly signer: Signer;
  /** Fragments needed to open. Above half of `shares`, two disjoint groups of proxies can not both open. */
  readonly threshold: number;
  /** Fragments made, one for each proxy. */
  readonly shares: number;
  /** Whether the proxy's signature binds the delegating key. Default true: otherwise a proxy can not tell whose it is. */
  readonly signDelegatingKey?: boolean;
  /** Whether the proxy's signature binds the receiving key. Default true: otherwise a proxy can not tell for whom it is. */
  readonly signReceivingKey?: boolean;
}

/**
 * Splits the right to open every capsule of a delegating key into fragments for proxies: any `threshold` of them
 * re-encrypt for the receiver, fewer give nothing. medseal uses a threshold above half of the shares.
 *
 * There is no way to take a fragment back. `threshold` proxies who collude with the receiver recover the delegating secret.
 *
 * @throws UmbralError `BAD_THRESHOLD` unless 1 <= threshold <= shares, both whole numbers
 */
export function generateKFrags(delegation: Delegation): VerifiedKFrag[] {
  const { delegatingSecret, receivingKey, threshold, shares } = delegation;
  if (!Number.isSafeInteger(threshold) || !Number.isSafeInteger(shares) || threshold < 1 || threshold > shares) {
    throw new UmbralError('BAD_THRESHOLD', `threshold ${threshold} of ${shares} is not 1 <= threshold <= shares`);
  }
  const secret = scalarToBytes(delegatingSecret.scalar);
  const receiver = receivingKey.point.toBytes();
  const x = hedgedScalar('precursor', secret, receiver);
  const shared = {
    precursor: backend().multiplyBase(x),
    receivingKey: receivingKey.point,
    dh: backend().multiply(receivingKey.point, x),
  };
  const constant = Fn.mul(delegatingSecret.scalar, invertSecret(sharedFactor(shared), randomScalar()));
  const higher = Array.from({ length: threshold - 1 }, (_, i) =>
    hedgedScalar('coefficient', secret, receiver, numberToBytesBE(i, 4)),
  );
  const keyAt = (index: bigint): bigint => evaluate([constant, ...higher], index);

  const delegatingKey = publicKeyOf(delegatingSecret);
  return Array.from({ length: shares }, () => makeKFrag(delegation, delegatingKey, shared, keyAt));
}

function makeKFrag(
  delegation: Delegation,
  delegatingKey: PublicKey,
  shared: SharedSecret,
  keyAt: (index: bigint) => bigint,
): VerifiedKFrag {
  const { receivingKey, signer, signDelegatingKey = true, signReceivingKey = true } = delegation;
  const id = randomBytes(ID_BYTES);
  const key = keyAt(fragmentIndex(shared, id));
  const fragment = { id, precursor: shared.precursor, commitment: backend().multiply(U, key) };
  const signatureForReceiver = sign(signer, signedMessage(fragment, { delegatingKey, receivingKey }));
  const forProxy = signedMessage(fragment, {
    delegatingKey: signDelegatingKey ? delegatingKey : undefined,
    receivingKey: signReceivingKey ? receivingKey : undefined,
  });
  return {
    ...fragment,
    key,
    // With both keys the two messages are the same, and so may be the signatures.
    signatureForProxy: signDelegatingKey && signReceivingKey ? signatureForReceiver : sign(signer, forProxy),
    signatureForReceiver,
    delegatingKeySigned: signDelegatingKey,
    receivingKeySigned: signReceivingKey,
    verified: true,
  };
}

/** Value at x of the polynomial with these coefficients, the constant first. */
function evaluate(coefficients: readonly bigint[], x: bigint): bigint {
  return coefficients.reduceRight((value, coefficient) => Fn.add(Fn.mul(value, x), coefficient), 0n);
}
