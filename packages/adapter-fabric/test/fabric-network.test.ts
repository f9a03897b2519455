import { join } from 'node:path';
import { fabricAvailable, type FabricNetwork, startFabric } from '@medseal/devnet';
import { type Ledger, type LedgerEntry, LedgerUnavailableError, WrongLedgerError } from '@medseal/core/adapter';
import { toHex } from '@medseal/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fabricLedger, initialiseFabricLedger } from '../src/index.ts';
import { type FabricLedgerOptions } from '../src/options.ts';
import { linkPeer } from '../src/peer-link.ts';
import { connectionTo } from './connection.ts';
import { dateProposal } from './date-proposal.ts';
import { authority, commit, doctor, patient, readAll, Registrar, signerNumber, word } from './people.ts';

const available = await fabricAvailable();
const skipped = available.ok ? '' : ` (skipped: ${available.reason})`;
const chaincodeEntry = join(import.meta.dirname, '../src/chaincode/main.ts');
const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);
const seconds = (): number => Math.floor(Date.now() / 1000);
const LATER = 2_000_000_000;

describe.skipIf(!available.ok)(`Fabric network with the shipped chaincode${skipped}`, { timeout: 60_000 }, () => {
  let network: FabricNetwork;
  let sign: Registrar;
  let domain: Awaited<ReturnType<typeof initialiseFabricLedger>>;
  let unused = 1000;

  beforeAll(async () => {
    network = await startFabric({ chaincodes: [{ name: 'medseal', entry: chaincodeEntry }] });
    domain = await initialiseFabricLedger(connectionTo(network, 'medseal'), authority);
    sign = new Registrar(domain, seconds);
    await using ledger = await open();
    await commit(ledger, await sign.register(patient, ['patient']));
    await commit(ledger, await sign.register(doctor, ['provider']));
  }, 15 * 60_000);

  afterAll(async () => {
    await network?.stop();
  });

  function open(options: Partial<FabricLedgerOptions> = {}, peers?: readonly number[]): Promise<Ledger> {
    return fabricLedger({ ...connectionTo(network, 'medseal', peers), ...options });
  }

  /** A command that the ledger has not seen. */
  function fresh(): Promise<Uint8Array> {
    return sign.request(word(unused++), LATER);
  }

  test('every peer computes the same domain', async () => {
    for (const peer of [0, 1, 2]) {
      await using ledger = await open({ domain }, [peer]);
      expect(ledger.genesis).toEqual({ protocolVersion: 1, domain, authority });
    }
  });

  test('the time of an entry is the present', async () => {
    await using ledger = await open();
    const { time } = await commit(ledger, await fresh());
    expect(Math.abs(time - seconds())).toBeLessThanOrEqual(5);
  });

  test('a second initialise is refused', async () => {
    const again = initialiseFabricLedger(connectionTo(network, 'medseal'), authority);
    await expect(again).rejects.toThrow('ALREADY_INITIALISED');
    await expect(again).rejects.toBeInstanceOf(WrongLedgerError);
    await using ledger = await open();
    expect(ledger.genesis.domain).toBe(domain);
  });

  describe('what is not the configured ledger', () => {
    beforeAll(async () => {
      await network.deploy({ name: 'uninitialised', entry: chaincodeEntry });
      await network.deploy({ name: 'next', entry: fixture('next-version-chaincode.ts') });
      await network.deploy({ name: 'misled', entry: chaincodeEntry });
      const connection = connectionTo(network, 'misled');
      using link = linkPeer(peerOf(connection), connection);
      const contract = link.network.getContract('misled');
      await contract.submitTransaction('initialise', JSON.stringify(authority), word(1));
      await initialiseFabricLedger(connectionTo(network, 'next'), authority);
    });

    test.each([
      ['a channel that does not exist', { channel: 'other' }, 'no such channel'],
      ['a chaincode that does not exist', { chaincode: 'other' }, 'no such channel or chaincode'],
      ['a chaincode that is not initialised', { chaincode: 'uninitialised' }, 'is not initialised'],
      ['a chaincode of another protocol version', { chaincode: 'next' }, 'protocol version 2'],
      ['a chaincode initialised for another genesis block', { chaincode: 'misled' }, 'initialised for another'],
      ['another domain than the one configured', { domain: word(7) }, 'another domain'],
    ])('%s', async (_, options, message) => {
      const opening = open(options);
      await expect(opening).rejects.toThrow(message);
      await expect(opening).rejects.toBeInstanceOf(WrongLedgerError);
    });

    test('an identity that is no member', async () => {
      const { identity } = connectionTo(network, 'medseal');
      const opening = open({ identity: { ...identity, mspId: 'Org2MSP' } });
      await expect(opening).rejects.toThrow('does not admit');
      await expect(opening).rejects.toBeInstanceOf(WrongLedgerError);
    });
  });

  test.each([-3600, -60, 60, 3600])('a proposal dated %i seconds off is refused', async (offset) => {
    const connection = connectionTo(network, 'medseal');
    using link = linkPeer(peerOf(connection), connection);
    const contract = link.network.getContract('medseal');
    const args = [toHex(await fresh())];
    await expect(dateProposal(link.gateway, contract, { fn: 'submit', args, offset }).endorse()).rejects.toThrow(
      'ABORTED',
    );
    // The same made honestly goes through, so that it is the date that was refused.
    await dateProposal(link.gateway, contract, { fn: 'submit', args, offset: -5 }).endorse();
  });

  test('the chaincode itself refuses what its clock does not confirm', async () => {
    const name = 'ahead';
    await network.deploy({ name, entry: chaincodeEntry, nodeArgs: ['--import', fixture('clock-ahead.ts')] });
    const ahead = await initialiseFabricLedger(connectionTo(network, name), authority);
    await using ledger = await open({ chaincode: name });
    const submitting = ledger.submit(await new Registrar(ahead, seconds).register(patient, ['patient']));
    await expect(submitting).rejects.toThrow('off by more than 30 seconds');
    await expect(submitting).rejects.toBeInstanceOf(LedgerUnavailableError);
  });

  test('the chaincode refuses a call through another one', async () => {
    await network.deploy({ name: 'caller', entry: fixture('calling-chaincode.ts') });
    const connection = connectionTo(network, 'caller');
    using link = linkPeer(peerOf(connection), connection);
    const contract = link.network.getContract('caller');
    expect(new TextDecoder().decode(await contract.evaluateTransaction('medseal', 'protocolVersion'))).toBe('1');
    const indirect = contract.evaluateTransaction('medseal', 'submit', toHex(await fresh()));
    await expect(indirect).rejects.toThrow('MEDSEAL_FAULT:INDIRECT_CALL');
  });

  test('survives a restart of its peer', async () => {
    await using ledger = await open();
    const stop = new AbortController();
    const seen: LedgerEntry[] = [];
    const follow = async (): Promise<void> => {
      for await (const entry of ledger.entries({ follow: true, signal: stop.signal })) seen.push(entry);
    };
    const following = follow();
    following.catch(() => {});
    await commit(ledger, await fresh());
    await network.killPeer(0);
    const wire = await fresh();
    await expect(ledger.submit(wire)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE', retryable: true });
    const head = await ledger.head().catch((error: unknown) => error);
    expect(head).toBeInstanceOf(LedgerUnavailableError);
    expect((head as Error).cause).toBeInstanceOf(Error);
    await expect(readAll(ledger)).rejects.toBeInstanceOf(LedgerUnavailableError);
    await expect(open()).rejects.toBeInstanceOf(LedgerUnavailableError);
    await network.startPeer(0);
    await expect
      .poll(
        () =>
          ledger.head().then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
    await commit(ledger, wire);
    const log = await readAll(ledger);
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(log.length);
    expect(seen).toEqual(log);
    stop.abort(new Error('done'));
    await expect(following).rejects.toThrow('done');
  });

  test('turns to another peer while one is down', async () => {
    await using ledger = await open({}, [0, 1]);
    const before = await commit(ledger, await fresh());
    await network.killPeer(0);
    const after = await commit(ledger, await fresh());
    expect((await readAll(ledger, { after: before.cursor })).map(({ cursor }) => cursor)).toEqual([after.cursor]);
    expect((await ledger.head()).cursor).toBe(after.cursor);
    await network.startPeer(0);
  });

  test('sends the same bytes again when the orderer comes back', async () => {
    await using ledger = await open({ deadlines: { commitMs: 500 } });
    const count = (await readAll(ledger)).length;
    await network.killOrderer();
    const wire = await fresh();
    await expect(ledger.submit(wire)).rejects.toBeInstanceOf(LedgerUnavailableError);
    await network.startOrderer();
    await expect
      .poll(
        () =>
          commit(ledger, wire).then(
            ({ violation }) => violation ?? 'applied',
            () => 'refused',
          ),
        { timeout: 10_000 },
      )
      .toBe('applied');
    expect(await readAll(ledger)).toHaveLength(count + 1);
  });

  test('says that the chaincode is down, and goes on afterwards', async () => {
    await using ledger = await open();
    await network.killChaincode('medseal');
    const wire = await fresh();
    await expect(ledger.submit(wire)).rejects.toBeInstanceOf(LedgerUnavailableError);
    await network.startChaincode('medseal');
    await expect
      .poll(
        () =>
          commit(ledger, wire).then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
  });

  test('a fresh adapter knows the receipts of all commands before it', async () => {
    const wire = await sign.register(signerNumber(50), ['patient']);
    await using relayer = await open({}, [1]);
    const receipt = await commit(relayer, wire);
    await using ledger = await open();
    expect(await ledger.submission(receipt.id).committed()).toEqual(receipt);
    expect(await commit(ledger, wire)).toEqual(receipt);
  });
});

function peerOf({ peers }: Pick<FabricLedgerOptions, 'peers'>): FabricLedgerOptions['peers'][number] {
  const [peer] = peers;
  if (peer === undefined) throw new RangeError('no peer');
  return peer;
}
