import type { OpenStage } from './open-stage.ts';
import { setUp } from './story/1-setup.ts';
import { store } from './story/2-storage.ts';
import { share } from './story/3-sharing.ts';
import { attack } from './story/4-attacks.ts';
import { revoke } from './story/5-revocation.ts';
import { heal } from './story/6-healing.ts';
import { verify } from './story/7-evidence.ts';

/**
 * The whole story on one network. Throws when anything that must succeed fails, or anything that must be refused is
 * not, or by another rule.
 *
 * @param bytes size of the CT series
 */
export async function runStory({ stage, proxies }: OpenStage, bytes: number): Promise<void> {
  await setUp(stage, proxies);
  const records = await store(stage);
  const request = await share(stage, records);
  await attack(stage, records, request);
  await revoke(stage, records, request);
  await heal(stage, bytes);
  await verify(stage);
}
