import type { Address, EraseRecord, Hex, SupersedeRecord } from '@medseal/protocol';
import type { Member } from '../cast.ts';
import { type Aims, type Draft, validUntil } from '../draft.ts';
import { active, anchored, anotherThan, aPatient } from '../needs.ts';
import type { KnownRecord } from '../record-book.ts';
import type { World } from '../world.ts';

type Make = (world: World, patient: Address, record: Pick<KnownRecord, 'record' | 'headerDigest'>) => OwnFields;
type OwnFields = Omit<SupersedeRecord, 'actor' | 'validUntil'> | Omit<EraseRecord, 'actor' | 'validUntil'>;

/** Mostly from the present header. */
const supersession: Make = (world, patient, { record, headerDigest }) => ({
  type: 'supersedeRecord',
  patient,
  record,
  previousHeader: world.choose([headerDigest, headerDigest, headerDigest, world.fresh()]),
  headerDigest: world.fresh(),
});

const erasure: Make = (world, patient, { record }) => ({
  type: 'eraseRecord',
  patient,
  record,
  reason: world.fresh(),
});

/** Mostly of a record of hers; whether readers honour the entry is theirs to say. */
function draft(world: World, make: Make, actor: Member, patient: Address): Draft {
  const own = world.book.of(patient);
  const unknown: { readonly record: Hex; readonly headerDigest: Hex } = {
    record: world.fresh(),
    headerDigest: world.fresh(),
  };
  const record = world.choose([...own, ...own, ...own, unknown]);
  const command = { ...make(world, patient, record), actor: actor.address, validUntil: validUntil(world) };
  return { command, signers: [actor] };
}

function aimsOf(make: Make): Aims {
  return {
    applied: (world) => {
      const owner = world.choose([anchored, anchored, (w: World) => active(w, aPatient)])(world);
      return draft(world, make, owner, owner.address);
    },
    refused: {
      NOT_OWNER: (world) => {
        const patient = active(world, aPatient);
        return draft(world, make, anotherThan(world, patient.address), patient.address);
      },
    },
  };
}

export const supersedeRecordAims: Aims = aimsOf(supersession);
export const eraseRecordAims: Aims = aimsOf(erasure);
