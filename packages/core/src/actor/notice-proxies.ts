import type { ProxyFault } from '../errors/proxy-errors.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { NetworkParts } from './actor.ts';
import { askProxies } from './ask-proxies.ts';

export interface Notified {
  /** Signed receipts of the proxies that have taken the notice: promises, not proofs, of deletion. */
  readonly receipts: readonly Uint8Array[];
  /** Proxies that did not answer. They will learn it from the ledger. */
  readonly faults: readonly ProxyFault[];
}

/** Tells every proxy of a signed withdrawal. An unreachable proxy is reported, never an error. */
export async function noticeProxies(
  { proxies }: Pick<NetworkParts, 'proxies'>,
  wire: Uint8Array,
  options: CallOptions = {},
): Promise<Notified> {
  const { answers: receipts, faults } = await askProxies(proxies, (proxy) => proxy.notice(wire, options));
  return { receipts, faults };
}
