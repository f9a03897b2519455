import { register, type RegisterParameters } from '@medseal/core';
import { type Stage, tell } from './stage.ts';

/** The authority admits everybody who takes part, with one account per person. */
export async function setUp(stage: Stage, proxies: readonly RegisterParameters[]): Promise<void> {
  const { cast, narrator } = stage;
  const { north, south, nora, sam, mallory, clemente, liz, ned } = cast;
  narrator.chapter('1  Setup: the authority registers everybody and attests their keys');
  const admit = (what: string, parameters: RegisterParameters): Promise<unknown> =>
    tell(
      stage,
      `The authority registers ${what}`,
      () => register(cast.authority, parameters),
      (receipt) => receipt,
    );
  const organisation = { roles: ['organisation'], clearance: 'private' } as const;
  const provider = { roles: ['provider'], clearance: 'private' } as const;
  const patient = { roles: ['patient'], clearance: 'private' } as const;
  await admit('North Hospital', { keys: north.keys, ...organisation, person: 'org-north' });
  await admit('South Hospital', { keys: south.keys, ...organisation, person: 'org-south' });
  for (const [index, proxy] of proxies.entries()) await admit(`re-encryption proxy ${index + 1}`, proxy);
  await admit('Dr Nora of North Hospital', { keys: nora.keys, ...provider, organisation: north.id, person: 'p-1' });
  await admit('Dr Sam of South Hospital', { keys: sam.keys, ...provider, organisation: south.id, person: 'p-2' });
  await admit('Dr Mallory of South Hospital', {
    keys: mallory.keys,
    ...provider,
    organisation: south.id,
    person: 'p-3',
  });
  await admit('patient Clemente Kreiger', { keys: clemente.keys, ...patient, person: 'p-4' });
  await admit('patient Liz Conn', { keys: liz.keys, ...patient, person: 'p-5' });
  await admit('patient Ned Hintz', { keys: ned.keys, ...patient, person: 'p-6' });
}
