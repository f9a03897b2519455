import type { Address, CommandSigner } from '@medseal/protocol';
import type { SecretKey, Signer } from '@medseal/umbral';
import type { CallOptions } from './call-options.ts';

/** Everything secret of one participant: separate keys, each for one use. Never log or serialise it. */
export interface ParticipantKeys {
  /** Address of the signing key: the participant's id. */
  readonly address: Address;
  /** Signs commands, tickets and manifests. */
  readonly signer: CommandSigner;
  /** Secret key behind `signer`, 32 bytes. */
  readonly signingSecret: Uint8Array;
  /** Opens what is sealed to the participant, and what proxies re-encrypt. */
  readonly receivingSecret: SecretKey;
  /** Seed of the compartments' delegating keys and tags, 32 bytes. */
  readonly delegatingRoot: Uint8Array;
  /** Signs key fragments. */
  readonly fragmentSigner: Signer;
}

/** Where participants' secrets rest. A subject is whatever the application's own login calls a user. */
export interface KeyStore extends AsyncDisposable {
  /** Makes keys for a subject. @throws KeysExistError */
  generate(subject: string, options?: CallOptions): Promise<ParticipantKeys>;
  /** @throws AbsentError when the subject has no keys here. */
  unlock(subject: string, options?: CallOptions): Promise<ParticipantKeys>;
  /** The subject's keys, encrypted under a passphrase. @throws AbsentError */
  export(subject: string, passphrase: string, options?: CallOptions): Promise<Uint8Array>;
  /** Takes exported keys in. @throws KeysExistError, or DecryptionError for a wrong passphrase or damaged bytes. */
  import(subject: string, bytes: Uint8Array, passphrase: string, options?: CallOptions): Promise<ParticipantKeys>;
}
