import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError, StatusCode } from '@hyperledger/fabric-gateway';
import type { Ledger } from '@medseal/core/adapter';
import type { Answer, LedgerDriver, LedgerUnderTest } from '@medseal/conformance';
import { type FabricNetwork, startFabric, tcpLine } from '@medseal/devnet';
import { isLedgerCode, type LedgerCode, toHex } from '@medseal/protocol';
import { parseRefusal } from '../src/chaincode/messages.ts';
import type { Scope } from '../src/fabric-channel.ts';
import { openLedger } from '../src/fabric-ledger.ts';
import { initialiseLedger } from '../src/initialise-ledger.ts';
import { linkPeer, type PeerLink } from '../src/peer-link.ts';
import { connectionTo } from './connection.ts';

const CHAINCODE = 'timed';
let scopes = 0;

/**
 * Ledgers on one network with one chaincode, which takes the time, and which of many ledgers is meant, from each call.
 * Several ledgers may be used at a time.
 */
export async function fabricDriver(): Promise<LedgerDriver> {
  const entry = join(import.meta.dirname, 'fixtures', 'timed-chaincode.ts');
  const network = await startFabric({ chaincodes: [{ name: CHAINCODE, entry }] });
  return {
    name: 'Fabric',
    create: (options) => createLedger(network, options),
    [Symbol.asyncDispose]: () => network.stop(),
  };
}

async function createLedger(
  network: FabricNetwork,
  { authority, time: start }: Parameters<LedgerDriver['create']>[0],
): Promise<LedgerUnderTest> {
  const connection = connectionTo(network, CHAINCODE);
  let time = start;
  const name = `world-${scopes++}/`;
  const scope: Scope = { name, transient: () => ({ scope: name, time: String(time) }) };
  await initialiseLedger(connection, authority, scope);
  const [peer] = connection.peers;
  if (peer === undefined) throw new RangeError('the network has no peer');
  const link = linkPeer(peer, connection);
  const line = await tcpLine(peer.endpoint);
  const options = { ...connection, peers: [{ ...peer, endpoint: line.endpoint }], clock: () => time };
  const ledger = await openLedger(options, scope);
  return {
    ledger,
    setTime: async (next) => {
      time = next;
    },
    sendRaw: (wire) => sendRaw(link, connection.identity.mspId, scope, toHex(wire)),
    readState: async ({ entity, path }) => {
      const call = { arguments: [path], transientData: { ...scope.transient() } };
      const word = await link.network.getContract(CHAINCODE).evaluate('state', call);
      return word.length === 0 ? undefined : entity.decode(word);
    },
    reopen: () => openLedger(options, scope),
    stall: () => line.stall(),
    cutOff: async () => {
      const cut = await line.cutOff();
      const end = async (): Promise<void> => {
        await cut[Symbol.asyncDispose]();
        await answering(ledger);
      };
      return { [Symbol.asyncDispose]: end };
    },
    beyond: { cutOff: { follow: 'a reader that follows waits for peers that are gone' } },
    [Symbol.asyncDispose]: async () => {
      await ledger[Symbol.asyncDispose]();
      await line[Symbol.asyncDispose]();
      link[Symbol.dispose]();
    },
  };
}

/** Resolves when the ledger has found its peer again: after an outage gRPC waits a while before it tries. */
async function answering(ledger: Ledger): Promise<void> {
  const answers = (): Promise<boolean> =>
    ledger.head().then(
      () => true,
      () => false,
    );
  while (!(await answers())) await sleep(20);
}

const MAX_TRIES = 20;

/** One transaction, sent by hand. Endorsers that lag behind the last block disagree: it is tried again. */
async function sendRaw({ network }: PeerLink, mspId: string, scope: Scope, wire: string): Promise<Answer> {
  const contract = network.getContract(CHAINCODE);
  const call = { arguments: [wire], transientData: { ...scope.transient() } };
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    try {
      const transaction = await contract.newProposal('submit', call).endorse();
      const { code } = await (await transaction.submit()).getStatus();
      if (code === StatusCode.VALID) return toAnswer(new TextDecoder().decode(transaction.getResult()));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const code = refusalBy(mspId, error);
      if (code !== undefined) return { outcome: 'rejected', code };
    }
    await sleep(20);
  }
  throw new Error(`the chaincode did not answer in ${MAX_TRIES} tries`);
}

function toAnswer(result: string): Answer {
  if (result === 'applied') return { outcome: 'applied' };
  if (!isLedgerCode(result)) throw new TypeError(`the chaincode answered ${result}`);
  return { outcome: 'violation', code: result };
}

/** What the peer in use says. One of another organisation may lag behind and refuse what is good by now. */
function refusalBy(mspId: string, { details }: GatewayError): LedgerCode | undefined {
  const own = details.find((detail) => detail.mspId === mspId);
  const refusal = own === undefined ? undefined : parseRefusal(own.message);
  return refusal !== undefined && 'rejected' in refusal ? refusal.rejected : undefined;
}
