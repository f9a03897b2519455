import type { Identity, Signer } from '@hyperledger/fabric-gateway';
import { hash } from '@hyperledger/fabric-gateway';
import { discovery, msp, peer } from '@hyperledger/fabric-protos';
import { callUnary } from './grpc-call.ts';

/** Who asks. */
export interface SigningIdentity {
  readonly identity: Identity;
  readonly signer: Signer;
}

/**
 * Asks a peer how many peers it could have a chaincode's transactions endorsed by. Its gateway uses the same answer,
 * which is 0 until gossip has met enough organisations to satisfy the policy.
 */
export async function countEndorsers(
  client: discovery.DiscoveryClient,
  { identity, signer }: SigningIdentity,
  channel: string,
  chaincode: string,
): Promise<number> {
  const payload = chaincodeRequest(identity, channel, chaincode).serializeBinary();
  const request = new discovery.SignedRequest();
  request.setPayload(payload);
  request.setSignature(await signer(hash.sha256(payload)));
  const response = await callUnary<discovery.Response>((options, done) => client.discover(request, options, done));
  const [descriptor] = response.getResultsList()[0]?.getCcQueryRes()?.getContentList() ?? [];
  const groups = descriptor?.toObject().endorsersByGroupsMap ?? [];
  return groups.reduce((count, [, { peersList }]) => count + peersList.length, 0);
}

function chaincodeRequest(identity: Identity, channel: string, chaincode: string): discovery.Request {
  const call = new peer.ChaincodeCall();
  call.setName(chaincode);
  const interest = new peer.ChaincodeInterest();
  interest.setChaincodesList([call]);
  const chaincodeQuery = new discovery.ChaincodeQuery();
  chaincodeQuery.setInterestsList([interest]);
  const query = new discovery.Query();
  query.setChannel(channel);
  query.setCcQuery(chaincodeQuery);

  const client = new msp.SerializedIdentity();
  client.setMspid(identity.mspId);
  client.setIdBytes(identity.credentials);
  const authentication = new discovery.AuthInfo();
  authentication.setClientIdentity(client.serializeBinary());
  const request = new discovery.Request();
  request.setAuthentication(authentication);
  request.setQueriesList([query]);
  return request;
}
