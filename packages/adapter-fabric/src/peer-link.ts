import { type CallOptions, Client, credentials } from '@grpc/grpc-js';
import { connect, type Gateway, hash, type Network } from '@hyperledger/fabric-gateway';
import type { FabricConnectionOptions, FabricDeadlines, FabricPeer } from './options.ts';

/** A connection to one peer. */
export interface PeerLink extends Disposable {
  readonly gateway: Gateway;
  readonly network: Network;
}

export type Deadlines = { readonly [K in keyof FabricDeadlines]-?: number };

export function withDefaults(deadlines: FabricDeadlines = {}): Deadlines {
  return {
    evaluateMs: deadlines.evaluateMs ?? 5_000,
    endorseMs: deadlines.endorseMs ?? 10_000,
    submitMs: deadlines.submitMs ?? 5_000,
    commitMs: deadlines.commitMs ?? 30_000,
  };
}

// Peers allow a ping a minute. Without pings a stream to a peer that vanished would wait for ever.
const channelOptions = {
  'grpc.keepalive_time_ms': 65_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.max_receive_message_length': -1,
};

/** Opens lazily: nothing is sent before the first call. */
export function linkPeer(
  peer: FabricPeer,
  { identity, signer, channel, deadlines }: FabricConnectionOptions,
): PeerLink {
  const { evaluateMs, endorseMs, submitMs } = withDefaults(deadlines);
  const client = new Client(peer.endpoint, credentials.createSsl(Buffer.from(peer.tlsCaCert)), {
    ...channelOptions,
    ...(peer.hostAlias === undefined ? {} : { 'grpc.ssl_target_name_override': peer.hostAlias }),
  });
  const gateway = connect({
    client,
    identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificate) },
    // The signer hashes: native code instead of the client's own.
    signer,
    hash: hash.none,
    evaluateOptions: within(evaluateMs),
    endorseOptions: within(endorseMs),
    submitOptions: within(submitMs),
    commitStatusOptions: within(submitMs),
  });
  return {
    gateway,
    network: gateway.getNetwork(channel),
    [Symbol.dispose]: () => {
      gateway.close();
      client.close();
    },
  };
}

function within(milliseconds: number): () => CallOptions {
  return () => ({ deadline: Date.now() + milliseconds });
}
