import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Adapter, fields, offer, type OpenContext } from '@medseal/core/adapter';
import { fabricLedger } from './fabric-ledger.ts';
import { pemSigner } from './pem-signer.ts';

const { count, list, optional, path, pattern, secret, section, text, withDefault } = fields;

const peer = section('A peer that serves the Fabric gateway.', {
  endpoint: pattern('Address of the peer.', /^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/, 'host:port'),
  tlsCaCertFile: path('Certificate of the TLS authority that signed the peer’s certificate, PEM.'),
  hostAlias: optional(text('Name in the peer’s TLS certificate, where it differs from the host.', 'host name')),
});

const deadlines = section('Longest waits, milliseconds.', {
  evaluateMs: withDefault(count('One query, or the wait for the next block that is known to exist.', 1), 5_000),
  endorseMs: withDefault(count('Collecting endorsements.', 1), 10_000),
  submitMs: withDefault(count('Handing a transaction to the orderers, or one wait for its commitment.', 1), 5_000),
  commitMs: withDefault(count('All of that, until a transaction is known to be committed.', 1), 30_000),
});

/** What a configuration calls `fabric`. */
export const adapter: Adapter = {
  ledger: offer(
    'A ledger kept by the chaincode on a channel of Hyperledger Fabric.',
    {
      channel: text('The channel.', 'name'),
      chaincode: text('Name of the chaincode on the channel.', 'name'),
      peers: list('In order of preference: another is used when one does not answer.', peer, 1),
      identity: section('Who relays: a member of one of the channel’s organisations.', {
        mspId: text('His organisation.', 'name'),
        certificateFile: path('His X.509 certificate, PEM.'),
      }),
      privateKey: secret('The identity’s key on P-256, PEM: PKCS #8 or SEC 1.'),
      deadlines: withDefault(deadlines, { evaluateMs: 5_000, endorseMs: 10_000, submitMs: 5_000, commitMs: 30_000 }),
    },
    async ({ channel, chaincode, peers, identity, privateKey, deadlines: waits }, context) => {
      const read = (file: string): Promise<string> => readPem(file, context);
      return fabricLedger({
        channel,
        chaincode,
        peers: await Promise.all(
          peers.map(async ({ tlsCaCertFile, ...rest }) => ({ ...rest, tlsCaCert: await read(tlsCaCertFile) })),
        ),
        identity: { mspId: identity.mspId, certificate: await read(identity.certificateFile) },
        signer: pemSigner(await context.secret(privateKey)),
        deadlines: waits,
        domain: context.domain,
        clock: context.clock,
      });
    },
  ),
};

function readPem(file: string, { base = '', signal }: OpenContext): Promise<string> {
  return readFile(resolve(base, file), { encoding: 'utf8', signal });
}
