import { type AnyCommandDefinition, erase } from '../command.ts';
import { type AnchorRecord, anchorRecord } from './anchor-record.ts';
import { type Ban, ban } from './ban.ts';
import { type DenyAccess, denyAccess } from './deny-access.ts';
import { type EraseRecord, eraseRecord } from './erase-record.ts';
import { type GrantAccess, grantAccess } from './grant-access.ts';
import { type Register, register } from './register.ts';
import { type Reinstate, reinstate } from './reinstate.ts';
import { type ReportViolation, reportViolation } from './report-violation.ts';
import { type RequestAccess, requestAccess } from './request-access.ts';
import { type RevokeAccess, revokeAccess } from './revoke-access.ts';
import { type RotateKeys, rotateKeys } from './rotate-keys.ts';
import { type SupersedeRecord, supersedeRecord } from './supersede-record.ts';
import { type UseAccess, useAccess } from './use-access.ts';

export type Command =
  | Register
  | Ban
  | Reinstate
  | AnchorRecord
  | RequestAccess
  | GrantAccess
  | DenyAccess
  | RevokeAccess
  | UseAccess
  | ReportViolation
  | RotateKeys
  | SupersedeRecord
  | EraseRecord;

export type CommandName = Command['type'];

/** All commands of this protocol version, by name, in the order of their codes. */
export const commands: Readonly<Record<CommandName, AnyCommandDefinition>> = {
  register: erase(register),
  ban: erase(ban),
  reinstate: erase(reinstate),
  anchorRecord: erase(anchorRecord),
  requestAccess: erase(requestAccess),
  grantAccess: erase(grantAccess),
  denyAccess: erase(denyAccess),
  revokeAccess: erase(revokeAccess),
  useAccess: erase(useAccess),
  reportViolation: erase(reportViolation),
  rotateKeys: erase(rotateKeys),
  supersedeRecord: erase(supersedeRecord),
  eraseRecord: erase(eraseRecord),
};

export type {
  AnchorRecord,
  Ban,
  DenyAccess,
  EraseRecord,
  GrantAccess,
  Register,
  Reinstate,
  ReportViolation,
  RequestAccess,
  RevokeAccess,
  RotateKeys,
  SupersedeRecord,
  UseAccess,
};
