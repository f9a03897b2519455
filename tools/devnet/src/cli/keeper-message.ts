import type { ChaincodeOptions } from '../fabric/fabric-network.ts';

/** What `fabric up` tells the keeper, once. */
export interface KeeperOrder {
  readonly chaincodes: readonly ChaincodeOptions[];
}

/** What the keeper tells `fabric up`. */
export type KeeperMessage =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly text: string };
