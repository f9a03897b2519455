import { type AccessRequest, LedgerView, liveGrants, openRecord, readersOf, revokeAccess } from '@medseal/core';
import { toHex } from '@medseal/protocol';
import type { Records } from './2-storage.ts';
import { type Stage, tell, tellRefused } from './stage.ts';

/** Clemente withdraws; then a second reader, who trusts nobody, reads the whole log. */
export async function revoke(stage: Stage, records: Records, { id: grant }: AccessRequest): Promise<void> {
  const { cast, narrator, network } = stage;
  const { clemente, sam } = cast;
  narrator.chapter('5  Revocation: Clemente withdraws, and the log tells it all');
  const { receipts } = await tell(
    stage,
    'Clemente Kreiger withdraws Dr Sam’s grant',
    () => revokeAccess(clemente, { grant }),
    ({ receipt }) => receipt,
  );
  narrator.note(`${receipts.length} proxies have signed that they deleted their fragments`);
  await tellRefused(stage, 'Dr Sam opens Clemente’s record again', 'GRANT_REVOKED', () =>
    openRecord(sam, { record: records.clemente.id, grant }),
  );
  const auditor = new LedgerView(network.ledger);
  await tell(
    stage,
    'An auditor verifies every signature and runs the rules again over the log',
    () => auditor.sync(),
    () => {
      const violations = auditor.entries.filter(({ violation }) => violation !== undefined);
      return `${auditor.entries.length} entries, ${violations.length} of them violations`;
    },
  );
  await network.view.sync();
  const [theirs, ours] = [toHex(auditor.logDigest), toHex(network.view.logDigest)];
  if (theirs !== ours) throw new Error('Auditor and application have read different logs');
  narrator.note(`auditor and application have read the same log: digest ${narrator.id(ours)}`);
  const live = liveGrants(auditor).length;
  narrator.note(
    `live grants: ${live}; readers of Clemente’s record: ${readersOf(auditor, records.clemente.id).length}`,
  );
}
