import type { Address, CommandId } from '@medseal/protocol';
import type { CallOptions } from './call-options.ts';

/** A key fragment on its way to one proxy. */
export interface FragmentDelivery {
  /** The patient's signed manifest of the grant, which names the digest of this proxy's fragment. */
  readonly manifest: Uint8Array;
  /** The fragment, sealed to the proxy's receiving key. */
  readonly box: Uint8Array;
  /** For a grant of listed records: the list whose root is the grant's scope, sealed to the proxy's receiving key. */
  readonly records?: Uint8Array | undefined;
}

/**
 * A re-encryption proxy as its clients see it. All messages are bytes or ids, so that a transport is thin. Proxies are
 * trusted only in number: fewer than the threshold of them learn and release nothing.
 */
export interface Proxy {
  readonly id: Address;
  /**
   * Takes charge of a fragment. Resolves with the proxy's signed acknowledgement.
   *
   * @throws RejectedError when the ledger, as the proxy sees it, does not hold such a live grant.
   */
  accept(delivery: FragmentDelivery, options?: CallOptions): Promise<Uint8Array>;
  /**
   * Re-encrypts a header's capsule for one use that stands final on the ledger. Resolves with a cfrag.
   *
   * @throws RejectedError with the holder's code of the first rule that forbids it.
   */
  reencrypt(
    request: { readonly use: CommandId; readonly header: Uint8Array },
    options?: CallOptions,
  ): Promise<Uint8Array>;
  /**
   * Direct notice of a signed `revokeAccess` or `ban`: honoured at once and for ever, whatever the ledger shows.
   * Resolves with the proxy's signed receipt: a promise that it has deleted its fragments, not a proof.
   */
  notice(wire: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
}
