import { judge, type LedgerCode, type ReadState, type Verification } from '@medseal/protocol';

/** What the rules would say of a command now. */
export type Explanation =
  | { readonly outcome: 'applied' }
  | { readonly outcome: 'violation' | 'rejected'; readonly code: LedgerCode };

export function explain(verified: Verification, time: number, read: ReadState): Explanation {
  if ('outcome' in verified) return verified;
  const verdict = judge(verified, time, read);
  return verdict.outcome === 'applied' ? { outcome: 'applied' } : verdict;
}
