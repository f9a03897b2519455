import {
  assembleNetwork,
  type Ledger,
  memoryDirectory,
  memoryKeyStore,
  memoryStore,
  type ParticipantKeys,
  ReEncryptionProxy,
  type RegisterParameters,
} from '@medseal/core';
import type { CommandSigner } from '@medseal/protocol';
import type { Narrator } from './narrator.ts';
import type { Stage } from './story/stage.ts';

/** Three proxies, as three parties would run them: two hospitals and a patients' association. */
const PROXIES = 3;

/** Puts the network together around a ledger and generates everybody's keys. Registers nobody yet. */
export async function openStage(
  ledger: Ledger,
  officials: readonly CommandSigner[],
  narrator: Narrator,
): Promise<{ readonly stage: Stage; readonly proxies: readonly RegisterParameters[] }> {
  const keyStore = memoryKeyStore();
  const store = memoryStore();
  const directory = memoryDirectory();
  const proxyKeys: ParticipantKeys[] = [];
  for (let number = 1; number <= PROXIES; number++) proxyKeys.push(await keyStore.generate(`proxy ${number}`));
  const network = await assembleNetwork({
    ledger,
    store,
    directory,
    proxies: proxyKeys.map(
      (keys) =>
        new ReEncryptionProxy({
          ledger,
          directory,
          keys,
        }),
    ),
  });
  const play = async (name: string) => network.actor(await keyStore.generate(name));
  const cast = {
    authority: network.authority(officials, crypto.getRandomValues(new Uint8Array(32))),
    north: await play('north'),
    south: await play('south'),
    nora: await play('nora'),
    sam: await play('sam'),
    mallory: await play('mallory'),
    stranger: await play('stranger'),
    clemente: await play('clemente'),
    liz: await play('liz'),
    ned: await play('ned'),
  };
  const proxies = proxyKeys.map((keys, index): RegisterParameters => ({
    keys,
    roles: ['proxy'],
    clearance: 'low',
    person: `proxy-${index + 1}`,
  }));
  return { stage: { network, cast, narrator }, proxies };
}
