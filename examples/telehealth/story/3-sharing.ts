import { type AccessRequest, grantAccess, liveGrants, readersOf, requestAccess } from '@medseal/core';
import { general, readAndCompare, type Records } from './2-storage.ts';
import { type Stage, tell } from './stage.ts';

const DAY = 86_400_000;

/** Dr Sam asks Clemente, Clemente grants, Dr Sam reads. */
export async function share(stage: Stage, records: Records): Promise<AccessRequest> {
  const { cast, narrator, network } = stage;
  const { sam, clemente } = cast;
  narrator.chapter('3  Sharing: Dr Sam of another hospital asks, Clemente grants, Dr Sam reads');
  const request = await tell(
    stage,
    'Dr Sam asks Clemente Kreiger for access for a week, purpose TREAT',
    () =>
      requestAccess(sam, {
        patient: clemente.id,
        compartment: general.compartment,
        purpose: 'TREAT',
        reason: 'second opinion',
        until: new Date(Date.now() + 7 * DAY),
      }),
    ({ receipt }) => receipt,
  );
  const grant = await tell(
    stage,
    'Clemente Kreiger grants it; each proxy gets its key fragment',
    () => grantAccess(clemente, { request: request.id, text: 'Dr Sam may read my general practice records' }),
    ({ id }) => (network.view.grant(clemente.id, id)?.solicited ? 'applied, answers the request' : 'unsolicited'),
  );
  narrator.note(`${grant.acknowledgements.length} proxies hold a fragment; ${network.threshold} must work together`);
  await tell(
    stage,
    'Dr Sam opens Clemente’s record: use on the ledger, then the proxies re-encrypt',
    () => readAndCompare(sam, records.clemente.id, 'Clemente Kreiger'),
    (bundle) => bundle,
  );
  const readers = readersOf(network.view, records.clemente.id).map(({ as }) => as);
  narrator.note(`by the log, ${liveGrants(network.view).length} grant is live; readers now: ${readers.join(', ')}`);
  return request;
}
