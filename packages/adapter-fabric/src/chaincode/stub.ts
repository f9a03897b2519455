import type { ChaincodeStub } from 'fabric-shim';

/** The part of Fabric's stub that the chaincode uses: point reads and writes, no ranges. */
export type Stub = Pick<
  ChaincodeStub,
  | 'getChannelID'
  | 'getFunctionAndParameters'
  | 'getSignedProposal'
  | 'getState'
  | 'getTransient'
  | 'getTxID'
  | 'getTxTimestamp'
  | 'putState'
  | 'setEvent'
>;
