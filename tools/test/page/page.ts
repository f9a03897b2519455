import {
  refuseDatabases,
  runSuite,
  stallDatabase,
  viewStoreSuite,
  type ViewStoreDriver,
} from '../../../packages/conformance/src/index.ts';
import { indexedDbViewStore, LedgerView } from '../../../packages/core/src/index.ts';
import { type Hex, recoverSigner, toHex } from '../../../packages/protocol/src/index.ts';
import { ledgerOf, type PortableLog } from './log.ts';
import { openBytes, sealBytes, sha256Of, testContent } from './sealing.ts';

export interface ViewReport {
  readonly entries: number;
  readonly digest: Hex;
  readonly signaturesChecked: number;
  readonly milliseconds: number;
  readonly faults: readonly string[];
  /** Lengths of the sealed record lists that the view had kept. */
  readonly lists: readonly number[];
}

/** What the test calls in the page. */
export interface PageApi {
  /** Plays the suite of view stores on IndexedDB: what passed, and what failed and why. */
  playViewStoreSuite(): Promise<{ readonly passed: readonly string[]; readonly failed: readonly string[] }>;
  /** Opens a saved view of this log; with `network`, also reads on in the ledger. */
  openView(log: PortableLog, network: boolean): Promise<ViewReport>;
  /** Seals and opens content, and what Node has sealed; posts what it sealed. Milliseconds of both. */
  sealAndOpen(size: number): Promise<SealingReport>;
}

export interface SealingReport {
  readonly digest: Hex;
  readonly digestOfNodes: Hex;
  readonly sealed: number;
  readonly opened: number;
}

/** Of a record list, and how long it is when it is sealed. */
const SCOPE: Hex = `0x${'17'.repeat(32)}`;
const LIST_BYTES = 3000;

let databases = 0;

const driver: ViewStoreDriver = {
  name: 'IndexedDB',
  create: async () => {
    const name = `suite ${databases++}`;
    const store = indexedDbViewStore(name);
    const opened = [store];
    return {
      store,
      reopen: async () => {
        const another = indexedDbViewStore(name);
        opened.push(another);
        return another;
      },
      stall: () => stallDatabase(name, indexedDB),
      cutOff: async () => refuseDatabases(indexedDB),
      [Symbol.asyncDispose]: async () => {
        for (const one of opened) await one[Symbol.asyncDispose]();
      },
    };
  },
  [Symbol.asyncDispose]: async () => {},
};

const api: PageApi = {
  async playViewStoreSuite() {
    const { passed, failed } = await runSuite(viewStoreSuite, driver);
    return { passed, failed: failed.map(({ name, error }) => `${name}: ${String(error)}`) };
  },

  async openView(log, network) {
    const started = performance.now();
    let signaturesChecked = 0;
    const faults: string[] = [];
    const view = new LedgerView(ledgerOf(log, network ? log.entries : undefined), {
      store: indexedDbViewStore('view'),
      storeKey: new Uint8Array(32).fill(3),
      onStoreFault: (error) => faults.push(String(error)),
      recover: (digest, signature) => {
        signaturesChecked += 1;
        return recoverSigner(digest, signature);
      },
    });
    await (network ? view.sync() : view.resume());
    const milliseconds = performance.now() - started;
    const lists = view.sealedLists(SCOPE).map(({ length }) => length);
    if (network) await view.keepSealedList(SCOPE, new Uint8Array(LIST_BYTES).fill(1));
    const { entries, logDigest } = view;
    return { entries: entries.length, digest: toHex(logDigest), signaturesChecked, milliseconds, faults, lists };
  },

  async sealAndOpen(size) {
    const content = testContent(size);
    const [sealed, sealing] = await timed(() => sealBytes(content));
    const [opened, opening] = await timed(() => openBytes(sealed));
    await fetch('/sealed', { method: 'POST', body: Uint8Array.from(sealed) });
    const fromNode = new Uint8Array(await (await fetch('/sealed')).arrayBuffer());
    const digestOfNodes = await sha256Of(await openBytes(fromNode));
    return { digest: await sha256Of(opened), digestOfNodes, sealed: sealing, opened: opening };
  },
};

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  return [await work(), performance.now() - started];
}

(globalThis as { medseal?: PageApi }).medseal = api;
