import type { Genesis } from '@medseal/protocol';
import { VerifyPool } from '../src/ledger/writing/verify-pool.ts';

/** A pool with a thread that has begun. */
export async function startedPool(genesis: Genesis, limit: number, idle?: number): Promise<VerifyPool> {
  const pool = new VerifyPool(genesis, limit, idle);
  while (!pool.isReady(1)) await new Promise((resolve) => setTimeout(resolve, 5));
  return pool;
}
