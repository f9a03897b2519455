import type { Ledger } from '@medseal/core';
import type { CommandSigner } from '@medseal/protocol';
import type { Narrator } from './narrator.ts';
import { openStage } from './open-stage.ts';
import { setUp } from './story/1-setup.ts';
import { store } from './story/2-storage.ts';
import { share } from './story/3-sharing.ts';
import { attack } from './story/4-attacks.ts';
import { revoke } from './story/5-revocation.ts';

/**
 * The whole story on one ledger. Throws when anything that must succeed fails, or anything that must be refused is
 * not, or by another rule.
 */
export async function runStory(ledger: Ledger, officials: readonly CommandSigner[], narrator: Narrator): Promise<void> {
  const { stage, proxies } = await openStage(ledger, officials, narrator);
  await setUp(stage, proxies);
  const records = await store(stage);
  const request = await share(stage, records);
  await attack(stage, records, request);
  await revoke(stage, records, request);
}
