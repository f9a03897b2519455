import type { CommandName } from '@medseal/protocol';
import type { Aims } from '../draft.ts';
import { anchorRecordAims } from './anchor-record.ts';
import { denyAccessAims, revokeAccessAims } from './decision.ts';
import { grantAccessAims } from './grant-access.ts';
import { eraseRecordAims, supersedeRecordAims } from './own-records.ts';
import { registerAims } from './register.ts';
import { reportViolationAims } from './report-violation.ts';
import { requestAccessAims } from './request-access.ts';
import { rotateKeysAims } from './rotate-keys.ts';
import { banAims, reinstateAims } from './standing.ts';
import { useAccessAims } from './use-access.ts';

export const aims: Readonly<Record<CommandName, Aims>> = {
  register: registerAims,
  ban: banAims,
  reinstate: reinstateAims,
  anchorRecord: anchorRecordAims,
  requestAccess: requestAccessAims,
  grantAccess: grantAccessAims,
  denyAccess: denyAccessAims,
  revokeAccess: revokeAccessAims,
  useAccess: useAccessAims,
  reportViolation: reportViolationAims,
  rotateKeys: rotateKeysAims,
  supersedeRecord: supersedeRecordAims,
  eraseRecord: eraseRecordAims,
};
