import { type Address, MedsealError } from '@medseal/protocol';

/** Why one proxy gave nothing that could be used. */
export interface ProxyFault {
  readonly proxy: Address;
  /**
   * `refused` by a rule; `unavailable`, did not answer; `outdated`, holds a fragment of another delivery of the grant;
   * `cheated`, gave a fragment that does not verify: it is dishonest or broken.
   */
  readonly kind: 'refused' | 'unavailable' | 'outdated' | 'cheated';
  readonly cause: unknown;
}

/** Fewer proxies than the threshold gave a good fragment. Says of each why. */
export class NotEnoughProxiesError extends MedsealError {
  readonly name = 'NotEnoughProxiesError';
  readonly code = 'NOT_ENOUGH_PROXIES';
  readonly retryable: boolean;
  readonly needed: number;
  readonly faults: readonly ProxyFault[];

  constructor(needed: number, good: number, faults: readonly ProxyFault[]) {
    const said = faults.map(({ proxy, kind }) => `${proxy} ${kind}`).join(', ');
    super(`${good} of ${needed} needed proxies gave a good fragment (${said})`, { cause: faults[0]?.cause });
    this.needed = needed;
    this.faults = faults;
    this.retryable = faults.some(({ kind }) => kind === 'unavailable');
  }
}
