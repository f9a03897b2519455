import type { Contract, Gateway, Proposal } from '@hyperledger/fabric-gateway';
import { common, gateway as messages, peer } from '@hyperledger/fabric-protos';

/** A proposal whose timestamp, which every client sets for itself, is `offset` seconds off. */
export function dateProposal(
  gateway: Gateway,
  contract: Contract,
  call: { readonly fn: string; readonly args: readonly string[]; readonly offset: number },
): Proposal {
  const honest = contract.newProposal(call.fn, { arguments: [...call.args] }).getBytes();
  const transaction = messages.ProposedTransaction.deserializeBinary(honest);
  const signed = transaction.getProposal();
  if (signed === undefined) throw new TypeError('the transaction has no proposal');
  const proposal = peer.Proposal.deserializeBinary(signed.getProposalBytes_asU8());
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  // The package has no types for protobuf's own messages.
  const timestamp = channelHeader.getTimestamp() as { setSeconds(seconds: number): void } | undefined;
  timestamp?.setSeconds(Math.floor(Date.now() / 1000) + call.offset);
  header.setChannelHeader(channelHeader.serializeBinary());
  proposal.setHeader(header.serializeBinary());
  signed.setProposalBytes(proposal.serializeBinary());
  signed.setSignature('');
  return gateway.newProposal(transaction.serializeBinary());
}
