import { expect, it } from 'vitest';
import { generateKeys } from '../src/keys/participant-keys.ts';
import { memoryProxyState } from '../src/memory/memory-proxy-state.ts';
import { memoryViewStore } from '../src/memory/memory-view-store.ts';
import { register } from '../src/phases/setup/register.ts';
import { openRecord } from '../src/phases/sharing/open-record.ts';
import { ReEncryptionProxy } from '../src/services/re-encryption-proxy.ts';
import { countedRecovery } from './counted-ledger.ts';
import { openHospital, readText, text } from './hospital.ts';

it('a proxy that is started again checks only the signatures of what came since', async () => {
  const at = await openHospital();
  const keys = generateKeys();
  const [state, store, storeKey] = [memoryProxyState(), memoryViewStore(), new Uint8Array(32).fill(1)];
  await register(at.authority, { keys, roles: ['proxy'], clearance: 'low', person: 'a fourth proxy' });
  const restarted = (): { readonly proxy: ReEncryptionProxy; readonly recovery: { readonly calls: number } } => {
    const recovery = countedRecovery();
    const view = { store, storeKey, recover: recovery.recover };
    const clock = (): number => at.time;
    const proxy = new ReEncryptionProxy({ ledger: at.ledger, directory: at.directory, keys, state, clock, view });
    return { proxy, recovery };
  };
  const first = restarted();
  const [, other] = at.proxies;
  if (other === undefined) throw new TypeError('The hospital has too few proxies');
  at.proxies[0] = first.proxy;
  const record = await at.seal();
  await at.grant();
  const before = first.recovery.calls;
  const second = restarted();
  at.proxies.splice(0, 3, second.proxy, other);
  expect(await readText(await openRecord(at.colleague, { record: record.id }))).toBe(text);
  expect(before).toBeGreaterThan(5);
  // The use alone.
  expect(second.recovery.calls).toBe(1);
});
