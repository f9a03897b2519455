import type { AdapterLoaders } from '@medseal/core';

/** What this application ships; only what the configuration uses is loaded. */
export const adapters: AdapterLoaders = {
  local: () => import('@medseal/adapter-local'),
  ethereum: () => import('@medseal/adapter-ethereum'),
  fabric: () => import('@medseal/adapter-fabric'),
};
