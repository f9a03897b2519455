import { type Address, type Hex, refuseRelease } from '@medseal/protocol';
import { cfragToBytes, reencrypt } from '@medseal/umbral';
import { RejectedError } from '../errors/rejected-error.ts';
import { equalBytes } from '../lib/equal-bytes.ts';
import { memoryProxyState } from '../memory/memory-proxy-state.ts';
import type { CallOptions } from '../ports/call-options.ts';
import type { Directory } from '../ports/directory.ts';
import type { ParticipantKeys } from '../ports/key-store.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { FragmentDelivery, Proxy } from '../ports/proxy.ts';
import type { ProxyState } from '../ports/proxy-state.ts';
import { grantState } from '../view/grant-state.ts';
import type { LedgerViewOptions } from '../view/ledger-view-options.ts';
import { type BulkLimit, defaultBulkLimit, exceedsBulkLimit } from './bulk-limit.ts';
import { refuseCharge, requireAttestedKeys } from './check-manifest.ts';
import { CheckpointedView } from './checkpointed-view.ts';
import { FragmentStore, type HeldFragment } from './fragment-store.ts';
import { Notices } from './notices.ts';
import { openDelivery } from './open-delivery.ts';
import { issueStatement } from './proxy-statement.ts';
import { gatherFacts } from './release-facts.ts';
import { encodeState, parseState } from './saved-state.ts';
import { systemSeconds } from '../lib/system-seconds.ts';

export interface ReEncryptionProxyOptions {
  /** The proxy's own connection to the ledger. It believes no other view than its own. */
  readonly ledger: Ledger;
  readonly directory: Directory;
  /** Keys of a participant with the role proxy. */
  readonly keys: ParticipantKeys;
  /** Where fragments, notices and the place in the log survive the proxy; in memory by default. */
  readonly state?: ProxyState | undefined;
  /** How much one grantee may read of one patient's records in a time; 200 in an hour by default. */
  readonly bulkLimit?: BulkLimit | undefined;
  /** Own clock, seconds since 1970; the system's by default. */
  readonly clock?: (() => number) | undefined;
  /** Where its view keeps what it has verified, and who recovers signers and hashes. A proxy takes no snapshot on trust. */
  readonly view?: Pick<LedgerViewOptions, 'recover' | 'keccak256' | 'store' | 'storeKey' | 'onStoreFault'> | undefined;
}

/**
 * Holds key fragments and re-encrypts with them. Authorises late: only for a use that stands final in its own view.
 * Refuses early: at the first sign of a revocation, ban or expiry, by whatever route. Never goes back: started again, it
 * refuses a log that is shorter than the one it had read, or another one.
 */
export class ReEncryptionProxy implements Proxy {
  readonly id: Address;
  readonly #options: Required<Omit<ReEncryptionProxyOptions, 'state' | 'bulkLimit' | 'clock' | 'view'>>;
  readonly #state: ProxyState;
  readonly #bulkLimit: BulkLimit;
  readonly #clock: () => number;
  readonly #viewOptions: LedgerViewOptions;
  readonly #fragments = new FragmentStore();
  readonly #notices: Notices;
  #loaded: Promise<CheckpointedView> | undefined;
  #saved: Uint8Array | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(all: ReEncryptionProxyOptions) {
    const { state = memoryProxyState(), bulkLimit = defaultBulkLimit, clock = systemSeconds, view, ...options } = all;
    this.id = options.keys.address;
    this.#options = options;
    this.#state = state;
    this.#bulkLimit = bulkLimit;
    this.#clock = clock;
    this.#viewOptions = { ...view, now: clock };
    this.#notices = new Notices(options.ledger.genesis);
  }

  async accept(delivery: FragmentDelivery, options: CallOptions = {}): Promise<Uint8Array> {
    const view = await this.#sync(options);
    const held = await openDelivery(delivery, this.#options);
    const { manifest } = held;
    this.#requireLive(view, held);
    await requireAttestedKeys({ view, directory: this.#options.directory }, manifest, options);
    // Again, and now without a pause before the fragment is kept: a withdrawal may have come in the meantime.
    this.#requireLive(view, held);
    this.#fragments.put(held);
    if (held.list !== undefined) view.learnRecords(held.list);
    return this.#declare(view, 'accepted', manifest);
  }

  async reencrypt(
    request: { readonly use: Hex; readonly header: Uint8Array },
    options: CallOptions = {},
  ): Promise<Uint8Array> {
    const view = await this.#sync(options);
    const { facts, held, capsule } = gatherFacts(request, {
      view,
      now: this.#clock(),
      fragments: (patient, grant) => this.#fragments.of(patient, grant),
      withdrawn: (patient, grantee, grant) =>
        this.#notices.revoked(patient, grant) ||
        this.#notices.banned(view, patient) ||
        this.#notices.banned(view, grantee),
    });
    const refused = refuseRelease(facts);
    if (refused !== undefined) throw new RejectedError(refused, { id: request.use });
    if (facts.use !== undefined && exceedsBulkLimit(view, facts.use, this.#bulkLimit, this.#clock()))
      throw new RejectedError('BULK_LIMIT', { id: request.use });
    // The rules above have let nothing pass without these two; this only tells the compiler.
    if (held === undefined || capsule === undefined) throw new RejectedError('BAD_STANZA', { id: request.use });
    return cfragToBytes(reencrypt(capsule, held.kfrag));
  }

  async notice(wire: Uint8Array): Promise<Uint8Array> {
    // Before anything that may wait or fail: from here on the grant is refused.
    const revoked = this.#notices.take(wire);
    if (revoked !== undefined) this.#fragments.delete(revoked.patient, revoked.grant);
    const view = await this.#load();
    if (revoked === undefined) return this.#declare(view, 'noticed', { patient: this.id, grant: NO_GRANT });
    this.#fragments.delete(revoked.patient, revoked.grant);
    return this.#declare(view, 'deleted', revoked);
  }

  /** What was saved, once: the place in the log, the notices, and the fragments, opened and verified anew. */
  #load(): Promise<CheckpointedView> {
    this.#loaded ??= this.#restore().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  async #restore(): Promise<CheckpointedView> {
    const bytes = await this.#state.load();
    const saved = bytes && parseState(bytes);
    for (const notice of saved?.notices ?? []) this.#notices.take(notice);
    for (const delivery of saved?.deliveries ?? []) {
      const held = await openDelivery(delivery, this.#options);
      if (!this.#notices.revoked(held.manifest.patient, held.manifest.grant)) this.#fragments.put(held);
    }
    this.#saved = bytes;
    const view = new CheckpointedView(this.#options.ledger, this.#viewOptions, saved?.checkpoint);
    for (const { list } of this.#fragments.all()) if (list !== undefined) view.learnRecords(list);
    return view;
  }

  /** Reads on in the ledger, deletes the fragments of grants that are over, and saves how far it came. */
  async #sync(options: CallOptions): Promise<CheckpointedView> {
    const view = await this.#load();
    await view.sync(options);
    const time = Math.max(view.clock, this.#clock());
    for (const { patient, grant: id } of this.#fragments.grants()) {
      const grant = view.grant(patient, id);
      const state = grant === undefined ? 'revoked' : grantState(view, grant, time);
      if (state === 'revoked' || state === 'expired') this.#fragments.delete(patient, id);
    }
    await this.#save(view);
    return view;
  }

  /** One after the other, and only what has changed. */
  #save(view: CheckpointedView): Promise<void> {
    const run = this.#saving.then(() => this.#saveNow(view));
    this.#saving = run.catch(() => undefined);
    return run;
  }

  async #saveNow(view: CheckpointedView): Promise<void> {
    const bytes = encodeState({
      checkpoint: view.checkpoint,
      deliveries: this.#fragments.all().map(({ delivery }) => delivery),
      notices: this.#notices.all(),
    });
    if (this.#saved !== undefined && equalBytes(this.#saved, bytes)) return;
    await this.#state.save(bytes);
    this.#saved = bytes;
  }

  #requireLive(view: CheckpointedView, held: HeldFragment): void {
    const noticed = this.#notices.revoked(held.manifest.patient, held.manifest.grant);
    const refused = noticed ? 'NOT_LIVE' : refuseCharge(view, held, this.#clock());
    if (refused !== undefined) throw new RejectedError(refused);
  }

  /** Saves, and only then puts the proxy's name to it. */
  async #declare(
    view: CheckpointedView,
    kind: 'accepted' | 'deleted' | 'noticed',
    { patient, grant }: { readonly patient: Address; readonly grant: Hex },
  ): Promise<Uint8Array> {
    await this.#save(view);
    const { domain } = view.genesis;
    const statement = { domain, proxy: this.id, kind, patient, grant, time: this.#clock() };
    return issueStatement(statement, this.#options.keys.signer);
  }
}

const NO_GRANT: Hex = `0x${'00'.repeat(32)}`;
