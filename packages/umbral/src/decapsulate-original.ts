import type { Capsule } from './capsule.ts';
import { capsuleKey } from './capsule-key.ts';
import { backend } from './current-backend.ts';
import type { SecretKey } from './keys.ts';

/**
 * The key of a capsule, for the owner of the delegating key. Another secret key gives another key, without an error:
 * whatever is encrypted under the key must be authenticated.
 */
export function decapsulateOriginal(delegatingSecret: SecretKey, capsule: Capsule): Uint8Array {
  const sum = backend().sumOfProductsUnsafe([capsule.E, capsule.V], [1n, 1n]);
  return capsuleKey(backend().multiply(sum, delegatingSecret.scalar));
}
