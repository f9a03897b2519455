import { generateKeys, type NetworkConfig, openNetwork, type RegisterParameters } from '@medseal/core';
import { nodeSecrets } from '@medseal/adapter-local';
import { adapters } from './adapters.ts';
import type { Narrator } from './narrator.ts';
import type { Officials } from './officials.ts';
import type { Stage } from './story/stage.ts';

/** Everything that the story needs, open. Registers nobody yet. */
export interface OpenStage extends AsyncDisposable {
  readonly stage: Stage;
  /** The proxies of the configuration that the ledger does not know yet. */
  readonly proxies: readonly RegisterParameters[];
}

/** Opens the configured network and generates the keys of everybody who plays. */
export async function openStage(
  config: NetworkConfig,
  secrets: Readonly<Record<string, string>>,
  { signers }: Officials,
  narrator: Narrator,
): Promise<OpenStage> {
  const network = await openNetwork(config, {
    adapters,
    secrets: nodeSecrets({ env: { ...process.env, ...secrets } }),
  });
  try {
    const play = () => network.actor(generateKeys());
    const cast = {
      authority: network.authority(signers, crypto.getRandomValues(new Uint8Array(32))),
      north: play(),
      south: play(),
      nora: play(),
      sam: play(),
      mallory: play(),
      stranger: play(),
      clemente: play(),
      liz: play(),
      ned: play(),
    };
    const proxies: RegisterParameters[] = [];
    for (const { subject } of network.config.proxies) {
      const keys = await network.keys?.unlock(subject);
      if (keys !== undefined && network.view.participant(keys.address) === undefined)
        proxies.push({ keys, roles: ['proxy'], clearance: 'low', person: subject });
    }
    return {
      stage: { network, cast, narrator },
      proxies,
      [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
    };
  } catch (error) {
    await network[Symbol.asyncDispose]();
    throw error;
  }
}
