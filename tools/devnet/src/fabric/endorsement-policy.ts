import { common, msp, peer } from '@hyperledger/fabric-protos';

/** A policy that asks for signatures by peers of `count` of the organisations (`common.SignaturePolicyEnvelope`). */
export function outOfPolicy(count: number, mspIds: readonly string[]): Uint8Array {
  const identities = mspIds.map(peerOf);
  const outOf = new common.SignaturePolicy.NOutOf();
  outOf.setN(count);
  outOf.setRulesList(mspIds.map((_, index) => signedBy(index)));
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(outOf);
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setVersion(0);
  envelope.setRule(rule);
  envelope.setIdentitiesList(identities);
  const policy = new peer.ApplicationPolicy();
  policy.setSignaturePolicy(envelope);
  return policy.serializeBinary();
}

function peerOf(mspId: string): msp.MSPPrincipal {
  const role = new msp.MSPRole();
  role.setMspIdentifier(mspId);
  role.setRole(msp.MSPRole.MSPRoleType.PEER);
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  principal.setPrincipal(role.serializeBinary());
  return principal;
}

function signedBy(index: number): common.SignaturePolicy {
  const policy = new common.SignaturePolicy();
  policy.setSignedBy(index);
  return policy;
}
