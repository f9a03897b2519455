import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LedgerView } from '../../packages/core/src/index.ts';
import { toHex } from '../../packages/protocol/src/index.ts';
import { viewStoreSuite } from '../../packages/conformance/src/index.ts';
import { findChromium, type PageServer, servePage, startBrowser } from './page/browser.ts';
import { ledgerOf, makeLog } from './page/log.ts';
import type { PageApi } from './page/page.ts';
import { openBytes, sealBytes, sha256Of, testContent } from './page/sealing.ts';

const MIB = 1024 * 1024;
const SIZE = 8 * MIB;
const PEOPLE = 40;

const executable = findChromium();
if (executable === undefined)
  console.info('The tests in a browser are skipped: Chromium is not installed (Debian: apt-get install chromium)');

describe.skipIf(executable === undefined)('in Chromium', () => {
  let browser: Browser;
  let server: PageServer;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    [browser, server] = await Promise.all([startBrowser(executable ?? ''), servePage()]);
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(server.url);
    await page.waitForFunction(() => 'medseal' in globalThis);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });

  it('IndexedDB passes the suite of view stores', async () => {
    const { passed, failed } = await page.evaluate(() =>
      (globalThis as unknown as { medseal: PageApi }).medseal.playViewStoreSuite(),
    );
    expect(failed).toEqual([]);
    expect(passed).toEqual(viewStoreSuite.cases.map(({ name }) => name));
  });

  it('a view is there again after a reload, without the network and without checking signatures', async () => {
    const log = await makeLog(PEOPLE);
    const inNode = new LedgerView(ledgerOf(log, log.entries));
    await inNode.sync();
    const same = { entries: PEOPLE, digest: toHex(inNode.logDigest), faults: [] };
    const open = (network: boolean): ReturnType<PageApi['openView']> =>
      page.evaluate(
        ([sent, online]) => (globalThis as unknown as { medseal: PageApi }).medseal.openView(sent, online),
        [log, network] as const,
      );
    const first = await open(true);
    expect(first).toMatchObject({ ...same, signaturesChecked: 2 * PEOPLE, lists: [] });
    await page.reload();
    await page.waitForFunction(() => 'medseal' in globalThis);
    const again = await open(false);
    expect(again).toMatchObject({ ...same, signaturesChecked: 0, lists: [3000] });
    expect(await open(true)).toMatchObject({ ...same, signaturesChecked: 0, lists: [3000] });
    const milliseconds = [first, again].map((report) => report.milliseconds.toFixed(0));
    console.info(`Chromium: a view of ${PEOPLE} entries, read ${milliseconds[0]} ms, resumed ${milliseconds[1]} ms`);
  });

  it('seals what Node opens, and opens what Node seals', async () => {
    const content = testContent(SIZE);
    const digest = await sha256Of(content);
    server.offer = await sealBytes(content);
    const report = await page.evaluate(
      (size) => (globalThis as unknown as { medseal: PageApi }).medseal.sealAndOpen(size),
      SIZE,
    );
    expect(report).toMatchObject({ digest, digestOfNodes: digest });
    const [sealed = new Uint8Array()] = server.posted;
    expect(await sha256Of(await openBytes(sealed))).toBe(digest);
    const rate = (milliseconds: number): string => (SIZE / MIB / (milliseconds / 1000)).toFixed(0);
    console.info(
      `Chromium: ${SIZE / MIB} MiB sealed at ${rate(report.sealed)} MiB/s, opened at ${rate(report.opened)}`,
    );
  });

  it('nothing fails unseen', () => {
    expect(problems).toEqual([]);
  });
});
