import type { Address } from '@medseal/protocol';

/** On whose word a saved log rests: the signatures of its first `length` entries may not have been checked. */
export interface Voucher {
  readonly signer: Address;
  readonly length: number;
}

/** Part of a saved log, by the places of its entries: from `from` up to, not with, `to`. */
export interface LogPart {
  readonly from: number;
  readonly to: number;
}

export interface Weighed {
  /** What the log rests on from now on, once `doubted` has been checked. */
  readonly vouchers: readonly Voucher[];
  /** Not what it rested on. */
  readonly changed: boolean;
  /** What rests on nobody's word who is still trusted; empty where `from` is not less than `to`. */
  readonly doubted: LogPart;
}

/**
 * Weighs what a saved log rests on. A snapshot vouches for all of the log up to its length, so the longest one of a
 * signer counts.
 *
 * @param given snapshots of trusted signers that agree with the saved log
 */
export function weighVouchers(
  saved: readonly Voucher[],
  given: readonly Voucher[],
  isTrusted: (signer: Address) => boolean,
): Weighed {
  const to = longest(saved);
  // The reader has checked everything itself: it needs nobody's word.
  if (to === 0) return { vouchers: [], changed: false, doubted: { from: 0, to } };
  const vouchers = longestOfEach([...saved.filter(({ signer }) => isTrusted(signer)), ...given]);
  const isSaved = (one: Voucher): boolean =>
    saved.some((old) => old.signer === one.signer && old.length === one.length);
  const changed = vouchers.length !== saved.length || !vouchers.every(isSaved);
  return { vouchers, changed, doubted: { from: longest(vouchers), to } };
}

export function longestOfEach(vouchers: readonly Voucher[]): readonly Voucher[] {
  const lengths = new Map<Address, number>();
  for (const { signer, length } of vouchers) lengths.set(signer, Math.max(length, lengths.get(signer) ?? 0));
  return [...lengths].map(([signer, length]) => ({ signer, length }));
}

function longest(vouchers: readonly Voucher[]): number {
  return Math.max(0, ...vouchers.map(({ length }) => length));
}
