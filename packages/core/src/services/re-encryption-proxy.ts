import { type Address, concat, type Hex, reaches, refuseRelease, type RejectionCode } from '@medseal/protocol';
import {
  cfragToBytes,
  kfragFromBytes,
  publicKeyToBytes,
  reencrypt,
  verifyingKeyToBytes,
  verifyKFrag,
} from '@medseal/umbral';
import { findKeyDocument } from '../actor/find-key-document.ts';
import { MalformedObjectError } from '../errors/malformed-object-error.ts';
import { RejectedError } from '../errors/rejected-error.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Directory } from '../ports/directory.ts';
import type { ParticipantKeys } from '../ports/key-store.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { FragmentDelivery, Proxy } from '../ports/proxy.ts';
import { openBox } from '../recipients/participant-box.ts';
import { kfragDigest, type Manifest, verifyManifest } from '../seal/manifest.ts';
import { fragmentContext } from '../recipients/box-contexts.ts';
import { grantState } from '../view/grant-state.ts';
import { LedgerView } from '../view/ledger-view.ts';
import { FragmentStore } from './fragment-store.ts';
import { Notices } from './notices.ts';
import { issueStatement } from './proxy-statement.ts';
import { gatherFacts } from './release-facts.ts';

export interface ReEncryptionProxyOptions {
  /** The proxy's own connection to the ledger. It believes no other view than its own. */
  readonly ledger: Ledger;
  readonly directory: Directory;
  /** Keys of a participant with the role proxy. */
  readonly keys: ParticipantKeys;
  /** Own clock, seconds since 1970; the system's by default. */
  readonly clock?: () => number;
}

/**
 * Holds key fragments and re-encrypts with them. Authorises late: only for a use that stands final in its own view.
 * Refuses early: at the first sign of a revocation, ban or expiry, by whatever route.
 */
export class ReEncryptionProxy implements Proxy {
  readonly id: Address;
  readonly #keys: ParticipantKeys;
  readonly #directory: Directory;
  readonly #view: LedgerView;
  readonly #clock: () => number;
  readonly #fragments = new FragmentStore();
  readonly #notices: Notices;

  constructor({ ledger, directory, keys, clock = systemSeconds }: ReEncryptionProxyOptions) {
    this.id = keys.address;
    this.#keys = keys;
    this.#directory = directory;
    this.#clock = clock;
    this.#view = new LedgerView(ledger, clock);
    this.#notices = new Notices(ledger.genesis);
  }

  async accept({ manifest: bytes, box }: FragmentDelivery, options: CallOptions = {}): Promise<Uint8Array> {
    const manifest = verifyManifest(bytes, { domain: this.#view.genesis.domain });
    const mine = manifest.proxies.find(({ address }) => address === this.id);
    if (mine === undefined) throw new RejectedError('OUT_OF_SCOPE');
    await this.#sync(options);
    this.#requireLive(manifest);
    await this.#checkKeys(manifest, options);
    const fragment = await openBox(this.#keys.receivingSecret, box, fragmentContext(bytes));
    if (kfragDigest(fragment) !== mine.kfragDigest)
      throw new MalformedObjectError('key fragment', 'digest', 'is not the one in the manifest');
    const kfrag = verifyKFrag(kfragFromBytes(fragment), {
      verifyingKey: manifest.verifyingKey,
      delegatingKey: manifest.delegatingPublicKey,
      receivingKey: manifest.receivingPublicKey,
    });
    // Again, and now without a pause before the fragment is kept: a withdrawal may have come in the meantime.
    this.#requireLive(manifest);
    this.#fragments.put({ manifest, kfrag });
    return this.#state('accepted', manifest.patient, manifest.grant);
  }

  async reencrypt(
    request: { readonly use: Hex; readonly header: Uint8Array },
    options: CallOptions = {},
  ): Promise<Uint8Array> {
    await this.#sync(options);
    const { facts, held, capsule } = gatherFacts(request, {
      view: this.#view,
      now: this.#clock(),
      fragments: (patient, grant) => this.#fragments.of(patient, grant),
      withdrawn: (patient, grantee, grant) =>
        this.#notices.revoked(patient, grant) ||
        this.#notices.banned(this.#view, patient) ||
        this.#notices.banned(this.#view, grantee),
    });
    const refused = refuseRelease(facts);
    if (refused !== undefined) throw new RejectedError(refused, { id: request.use });
    // The rules above have let nothing pass without these two; this only tells the compiler.
    if (held === undefined || capsule === undefined) throw new RejectedError('BAD_STANZA', { id: request.use });
    return cfragToBytes(reencrypt(capsule, held.kfrag));
  }

  async notice(wire: Uint8Array): Promise<Uint8Array> {
    const revoked = this.#notices.take(wire);
    if (revoked === undefined) return this.#state('noticed', this.id, `0x${'00'.repeat(32)}`);
    this.#fragments.delete(revoked.patient, revoked.grant);
    return this.#state('deleted', revoked.patient, revoked.grant);
  }

  /** Reads on in the ledger and deletes the fragments of grants that are over. */
  async #sync(options: CallOptions): Promise<void> {
    await this.#view.sync(options);
    const time = Math.max(this.#view.clock, this.#clock());
    for (const { patient, grant: id } of this.#fragments.grants()) {
      const grant = this.#view.grant(patient, id);
      const state = grant === undefined ? 'revoked' : grantState(this.#view, grant, time);
      if (state === 'revoked' || state === 'expired') this.#fragments.delete(patient, id);
    }
  }

  #requireLive(manifest: Manifest): void {
    const refused = this.#refuseManifest(manifest);
    if (refused !== undefined) throw new RejectedError(refused);
  }

  #refuseManifest(manifest: Manifest): RejectionCode | undefined {
    const { patient, grantee, compartment, level } = manifest;
    const grant = this.#view.grant(patient, manifest.grant);
    if (grant === undefined) return 'NO_GRANT';
    const time = Math.max(this.#view.clock, this.#clock());
    const withdrawn = this.#notices.revoked(patient, manifest.grant);
    if (withdrawn || grantState(this.#view, grant, time) !== 'live') return 'NOT_LIVE';
    if (grant.grantee !== grantee || grant.scope !== compartment) return 'OUT_OF_SCOPE';
    return reaches(grant.level, level) ? undefined : 'LEVEL_EXCEEDED';
  }

  /** The manifest's keys must be those that the authority attested: a replaced receiving key gets nothing. */
  async #checkKeys(manifest: Manifest, options: CallOptions): Promise<void> {
    const parts = { view: this.#view, directory: this.#directory };
    const [patient, grantee] = await Promise.all([
      findKeyDocument(parts, manifest.patient, options),
      findKeyDocument(parts, manifest.grantee, options),
    ]);
    const attested = [publicKeyToBytes(grantee.receivingPublicKey), verifyingKeyToBytes(patient.verifyingKey)];
    const named = [publicKeyToBytes(manifest.receivingPublicKey), verifyingKeyToBytes(manifest.verifyingKey)];
    if (!equalBytes(concat(...attested), concat(...named))) throw new RejectedError('STALE_VERSION');
  }

  #state(kind: 'accepted' | 'deleted' | 'noticed', patient: Address, grant: Hex): Promise<Uint8Array> {
    const { domain } = this.#view.genesis;
    const statement = { domain, proxy: this.id, kind, patient, grant, time: this.#clock() };
    return issueStatement(statement, this.#keys.signer);
  }
}

function systemSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
