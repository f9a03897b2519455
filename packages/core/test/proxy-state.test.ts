import { kfragFromBytes } from '@medseal/umbral';
import { beforeEach, describe, expect, it } from 'vitest';
import { fragmentContext } from '../src/recipients/box-contexts.ts';
import { openBox } from '../src/recipients/participant-box.ts';
import { encodeState, parseState, type SavedState } from '../src/services/saved-state.ts';
import { Projection } from '../src/view/projection.ts';
import { headerOf, useWithoutChecks } from './attacks/attacker.ts';
import { generateKeys } from '../src/keys/participant-keys.ts';
import { memoryProxyState } from '../src/memory/memory-proxy-state.ts';
import { register } from '../src/phases/setup/register.ts';
import { openRecord } from '../src/phases/sharing/open-record.ts';
import { revokeAccess } from '../src/phases/revocation/revoke-access.ts';
import type { Ledger, LedgerEntry } from '../src/ports/ledger.ts';
import type { ParticipantKeys } from '../src/ports/key-store.ts';
import type { ProxyState } from '../src/ports/proxy-state.ts';
import { ReEncryptionProxy } from '../src/services/re-encryption-proxy.ts';
import { failure, type Hospital, openHospital, readText, text } from './hospital.ts';

let at: Hospital;
let keys: ParticipantKeys;
let state: ProxyState;

/** A proxy with the saved state, as after a restart; by default on the hospital's own ledger. */
function restarted(ledger: Ledger = at.ledger, from: ProxyState = state): ReEncryptionProxy {
  return new ReEncryptionProxy({ ledger, directory: at.directory, keys, state: from, clock: () => at.time });
}

/** A ledger that shows only some entries of the hospital's. */
function showing(choose: (log: readonly LedgerEntry[]) => readonly LedgerEntry[]): Ledger {
  return Object.assign(Object.create(at.ledger) as Ledger, {
    async *entries() {
      const log: LedgerEntry[] = [];
      for await (const entry of at.ledger.entries()) log.push(entry);
      yield* choose(log);
    },
  });
}

beforeEach(async () => {
  at = await openHospital();
  keys = generateKeys();
  state = memoryProxyState();
  await register(at.authority, { keys, roles: ['proxy'], clearance: 'low', person: 'a fourth proxy' });
  at.proxies[0] = restarted();
});

describe('a proxy that is started again', () => {
  it('still has its fragments', async () => {
    const record = await at.seal();
    await at.grant();
    const [, second] = at.proxies;
    if (second === undefined) throw new Error('no proxy');
    at.proxies.splice(0, 3, restarted(), second);
    expect(await readText(await openRecord(at.colleague, { record: record.id }))).toBe(text);
  });

  it('keeps no key fragment in the clear', async () => {
    await at.grant();
    const saved = (await state.load()) ?? new Uint8Array();
    const { deliveries } = parseState(saved);
    expect(deliveries.length).toBeGreaterThan(0);
    for (const { manifest, box } of deliveries) {
      const fragment = kfragFromBytes(await openBox(keys.receivingSecret, box, fragmentContext(manifest)));
      const secret = fragment.key.toString(16).padStart(64, '0');
      expect(Buffer.from(saved).toString('hex')).not.toContain(secret);
    }
  });

  it('still knows a revocation that it was only told, though the ledger never shows it', async () => {
    const record = await at.seal();
    const grant = await at.grant();
    const header = await headerOf(at, record.id);
    const use = await useWithoutChecks(at.colleague, { patient: at.patient.id, grant, record: record.id, header });
    const frozen: LedgerEntry[] = [];
    for await (const entry of at.ledger.entries()) frozen.push(entry);
    await revokeAccess(at.patient, { grant });
    const withheld = showing(() => frozen);
    const told = await withCheckpointAt(frozen.length, (saved) => saved);
    expect(await failure(restarted(withheld, told).reencrypt({ use, header }))).toMatchObject({ code: 'NOT_LIVE' });
    // Without the notice, on such a ledger, only the deleted fragment would be in the way.
    const untold = await withCheckpointAt(frozen.length, (saved) => ({ ...saved, notices: [] }));
    const other = await failure(restarted(withheld, untold).reencrypt({ use, header }));
    expect(other).toMatchObject({ code: 'OUT_OF_SCOPE' });
  });

  it('refuses a log that is shorter than the one it had read, and goes on when the log is whole again', async () => {
    await at.seal();
    await at.grant();
    const cut = restarted(showing((log) => log.slice(0, -1)));
    const request = { use: `0x${'12'.repeat(32)}`, header: new Uint8Array() } as const;
    expect(await failure(cut.reencrypt(request))).toMatchObject({ code: 'LEDGER_REWRITTEN' });
    expect(await failure(restarted().reencrypt(request))).toMatchObject({ code: 'MALFORMED_OBJECT' });
  });

  it('refuses a forked log, now and ever after', async () => {
    await at.seal();
    await at.grant();
    const forked = restarted(showing((log) => [...log.slice(0, 5), ...log.slice(6)]));
    await at.seal('makes the fork as long as the log was');
    const request = { use: `0x${'12'.repeat(32)}`, header: new Uint8Array() } as const;
    expect(await failure(forked.reencrypt(request))).toMatchObject({ code: expect.stringMatching(/LEDGER_/) });
    expect(await failure(forked.reencrypt(request))).toMatchObject({ code: expect.stringMatching(/LEDGER_/) });
  });

  it('restored from an old copy, catches up with revocations before it does anything', async () => {
    const record = await at.seal();
    const grant = await at.grant();
    const old = memoryProxyState();
    await old.save((await state.load()) ?? new Uint8Array());
    await revokeAccess(at.patient, { grant });
    const proxy = restarted(at.ledger, old);
    const [header] = await at.directory.get('header', record.id);
    const request = { use: `0x${'12'.repeat(32)}`, header: header ?? new Uint8Array() } as const;
    expect(await failure(proxy.reencrypt(request))).toMatchObject({ code: 'NO_USE' });
    const saved = Buffer.from((await old.load()) ?? []);
    expect(saved.length).toBeLessThan(200);
  });

  it('refuses a state that is not whole', async () => {
    await at.grant();
    const bytes = (await state.load()) ?? new Uint8Array();
    const broken = memoryProxyState();
    await broken.save(bytes.subarray(0, -1));
    const request = { use: `0x${'12'.repeat(32)}`, header: new Uint8Array() } as const;
    expect(await failure(restarted(at.ledger, broken).reencrypt(request))).toMatchObject({ code: 'MALFORMED_OBJECT' });
  });

  it('saves before it puts its name to anything', async () => {
    const failing: ProxyState = {
      load: () => Promise.resolve(undefined),
      save: () => Promise.reject(new TypeError('disk full')),
    };
    at.proxies[0] = restarted(at.ledger, failing);
    const grant = await at.grant();
    expect(at.network.view.grant(at.patient.id, grant)).toBeDefined();
    const { receipts, faults } = await revokeAccess(at.patient, { grant });
    expect(receipts).toHaveLength(2);
    expect(faults).toMatchObject([{ proxy: keys.address, kind: 'unavailable' }]);
  });
});

/** The saved state with its place in the log set back: what a proxy would have saved had it seen no more. */
async function withCheckpointAt(length: number, change: (saved: SavedState) => SavedState): Promise<ProxyState> {
  const saved = change(parseState((await state.load()) ?? new Uint8Array()));
  const view = new Projection(at.ledger.genesis);
  let count = 0;
  for await (const entry of at.ledger.entries()) if (count++ < length) view.apply(entry);
  const set = memoryProxyState();
  await set.save(encodeState({ ...saved, checkpoint: { length, digest: view.logDigest } }));
  return set;
}
