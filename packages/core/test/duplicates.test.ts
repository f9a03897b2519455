import { beforeEach, describe, expect, it, vi } from 'vitest';
import { StoreUnavailableError } from '../src/errors/store-errors.ts';
import { generateKeys } from '../src/keys/participant-keys.ts';
import { type DepositIdentity, depositTag } from '../src/keys/deposit-tag.ts';
import type { Content } from '../src/lib/byte-stream.ts';
import { eraseRecord } from '../src/phases/revocation/erase-record.ts';
import { revokeAccess } from '../src/phases/revocation/revoke-access.ts';
import { issueTicket } from '../src/phases/setup/issue-ticket.ts';
import { register } from '../src/phases/setup/register.ts';
import { openRecord } from '../src/phases/sharing/open-record.ts';
import { sealRecord, type SealRecordParameters } from '../src/phases/storage/seal-record.ts';
import type { SealedRecord } from '../src/actor/deposit-record.ts';
import type { Actor } from '../src/actor/actor.ts';
import { failure, general, type Hospital, openHospital, readText, text } from './hospital.ts';

let at: Hospital;
beforeEach(async () => {
  at = await openHospital();
});

const content = new TextEncoder().encode(text);

function seal(changes: Partial<SealRecordParameters> = {}, author: Actor = at.doctor): Promise<SealedRecord> {
  const parameters = { patient: at.patient.id, ...general, content, mediaType: 'text/plain' };
  return sealRecord(author, { ...parameters, ...changes }, { deduplicate: true });
}

/** Everything that the ledger, the store and the directory hold. */
const amounts = (): readonly number[] => [
  at.network.view.entries.length,
  at.store.blobs.size,
  at.directory.objects().length,
];

function streamed(): AsyncIterable<Uint8Array> {
  return (async function* () {
    yield content.slice(0, 3);
    yield content.slice(3);
  })();
}

describe('the same content of the same author for the same patient', () => {
  const forms: Record<string, () => Content> = {
    'a Uint8Array': () => content,
    'a Blob': () => new Blob([content]),
    'a stream': () => streamed(),
  };

  it.each(Object.entries(forms))('is sealed once: %s', async (_, form) => {
    const first = await seal({ content: form() });
    expect(first.duplicate).toBe(false);
    const before = amounts();
    at.time += 60;
    expect(await seal({ content: form() })).toEqual({ ...first, duplicate: true });
    expect(amounts()).toEqual(before);
    expect(await readText(await openRecord(at.patient, { record: first.id }))).toBe(text);
  });

  it('is recognised in whatever form it comes', async () => {
    const { id } = await seal({ content: streamed() });
    expect(await seal()).toMatchObject({ id, duplicate: true });
  });

  it('is sealed again without the option', async () => {
    const first = await seal();
    const second = await at.seal();
    expect(second).toMatchObject({ duplicate: false });
    expect(second.id).not.toBe(first.id);
  });

  it('goes to the patient’s own compartments and to the inbox once as well', async () => {
    for (const changes of [{}, { compartment: undefined, inbox: true }]) {
      const author = 'inbox' in changes ? at.doctor : at.patient;
      const first = await seal(changes, author);
      expect(first.duplicate).toBe(false);
      expect(await seal(changes, author)).toEqual({ ...first, duplicate: true });
    }
  });
});

describe('it is another record', () => {
  const other = { compartment: 'laboratory', dataClass: 'observation' } as const;

  it('in another compartment, level, form or time, or of another author', async () => {
    await seal();
    for (const author of [at.doctor.id, at.colleague.id]) {
      await issueTicket(at.patient, { author, ...other, until: at.after(600) });
      await issueTicket(at.patient, { author, ...general, until: at.after(600) });
      await issueTicket(at.patient, { author, ...other, compartment: general.compartment, until: at.after(600) });
    }
    const made = [
      await seal(other),
      await seal({ dataClass: other.dataClass }),
      await seal({ mediaType: 'text/markdown' }),
      await seal({ measuredAt: at.after(-60) }),
      await seal({ measuredAt: at.after(-120) }),
      await seal({}, at.colleague),
      await seal({ content: content.slice(1) }),
    ];
    expect(made.map(({ duplicate }) => duplicate)).toEqual(made.map(() => false));
    expect(new Set(made.map(({ id }) => id)).size).toBe(made.length);
    expect(await seal({ measuredAt: at.after(-120) })).toMatchObject({ id: made[4]?.id, duplicate: true });
  });

  it('when the first was erased, also the second time, and no tag of the new one shows that they are equal', async () => {
    const put = vi.spyOn(at.directory, 'put');
    for (let round = 0; round < 3; round++) {
      const record = await seal();
      expect(record.duplicate).toBe(false);
      await eraseRecord(at.patient, { record: record.id });
    }
    const last = await seal();
    expect(await seal()).toMatchObject({ id: last.id, duplicate: true });
    const tags = put.mock.calls.filter(([kind]) => kind === 'depositTag');
    expect(tags).toHaveLength(4);
    expect(new Set(tags.map(([, id]) => id)).size).toBe(4);
  });

  it('in a new epoch', async () => {
    const first = await seal();
    const grant = await at.grant();
    await revokeAccess(at.patient, { grant });
    expect(await seal()).toMatchObject({ duplicate: false });
    expect((await seal()).id).not.toBe(first.id);
  });

  it('when header or payload of the first was lost', async () => {
    const first = await seal();
    await at.directory.delete('header', first.id);
    const second = await seal();
    expect(second.duplicate).toBe(false);
    at.store.blobs.clear();
    const third = await seal();
    expect(third.duplicate).toBe(false);
    expect(await seal()).toMatchObject({ id: third.id, duplicate: true });
  });
});

describe('what others see', () => {
  it('of equal contents for two patients shares nothing', async () => {
    const keys = generateKeys();
    await register(at.authority, { keys, roles: ['patient'], clearance: 'private', person: 'second patient' });
    const second = at.network.actor(keys);
    await issueTicket(second, { author: at.doctor.id, ...general, until: at.after(600) });
    const before = new Set(everything());
    const made = [await seal(), await seal({ patient: second.id })];
    expect(made.map(({ duplicate }) => duplicate)).toEqual([false, false]);
    const objects = everything().filter((object) => !before.has(object));
    expect(at.store.blobs.size).toBe(2);
    // Two headers, two tags, two payloads.
    expect(objects).toHaveLength(6);
    const runs = objects.flatMap((object) => runsOf(object).map((run) => ({ object, run })));
    for (const { object, run } of runs) {
      const sharing = objects.filter((another) => another !== object && another.includes(run));
      expect(sharing.every((another) => bothOfDoctor(object, another))).toBe(true);
    }
  });

  /** Hex of all that lies in the store and the directory. */
  function everything(): readonly string[] {
    return [...at.store.blobs.values(), ...at.directory.objects()].map((bytes) => Buffer.from(bytes).toString('hex'));
  }

  const runsOf = (object: string): readonly string[] => object.match(/.{32}/g) ?? [];

  /** Headers name their author and domain, and carry the same ticket fields. */
  const bothOfDoctor = (one: string, another: string): boolean =>
    [one, another].every((object) => object.includes(at.doctor.id.slice(2)));

  it('is a tag that only its author can compute: another key, patient, ledger or number gives another one', () => {
    const [mine, yours] = [generateKeys(), generateKeys()];
    const identity: DepositIdentity = {
      domain: `0x${'01'.repeat(32)}`,
      patient: at.patient.id,
      compartment: `0x${'02'.repeat(32)}`,
      level: 'private',
      epoch: 1,
      mediaType: 'text/plain',
      measuredAt: undefined,
      plaintextDigest: `0x${'03'.repeat(32)}`,
    };
    const changes: readonly Partial<DepositIdentity>[] = [
      {},
      { domain: `0x${'04'.repeat(32)}` },
      { patient: at.doctor.id },
      { compartment: `0x${'05'.repeat(32)}` },
      { level: 'low' },
      { epoch: 2 },
      { mediaType: 'text/html' },
      { measuredAt: 0 },
      { plaintextDigest: `0x${'06'.repeat(32)}` },
    ];
    const ids = changes.map((change) => depositTag(mine, { ...identity, ...change }, 0).id);
    ids.push(depositTag(mine, identity, 1).id, depositTag(yours, identity, 0).id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(depositTag(mine, identity, 0).id).toBe(ids[0]);
  });
});

describe('a directory that lies', () => {
  it('about tags is not believed', async () => {
    const first = await seal();
    const { directory } = at;
    const get = directory.get.bind(directory);
    const boxes: Uint8Array[] = [];
    directory.get = async (kind, id, options) => {
      const found = await get(kind, id, options);
      if (kind === 'depositTag') boxes.push(...found);
      return found;
    };
    await seal();
    const [box = new Uint8Array()] = boxes;
    const forged = [new Uint8Array(), new Uint8Array(80), box.with(40, (box[40] ?? 0) ^ 1)];
    let tags = 0;
    directory.get = async (kind, id, options) => {
      if (kind !== 'depositTag') return get(kind, id, options);
      // Forged boxes, and the true one under another tag.
      return tags++ === 0 ? [...forged, box] : forged;
    };
    expect(await seal({ content: content.slice(1) })).toMatchObject({ duplicate: false });
    expect((await seal({ content: content.slice(2) })).id).not.toBe(first.id);
  });

  it('or does not answer costs no record', async () => {
    const { directory } = at;
    const put = directory.put.bind(directory);
    directory.put = async (kind, ...rest) => {
      if (kind === 'depositTag') throw new StoreUnavailableError('not today');
      await put(kind, ...rest);
    };
    expect(await seal()).toMatchObject({ duplicate: false });
    directory.get = () => Promise.reject(new StoreUnavailableError('nor today'));
    at.store.blobs.clear();
    expect(await failure(seal({ content: streamed() }))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(at.store.blobs.size).toBe(0);
  });
});
