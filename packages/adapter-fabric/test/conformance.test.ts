import { ledgerSuite } from '@medseal/conformance';
import { testSuite } from '@medseal/conformance/vitest';
import { fabricAvailable } from '@medseal/devnet';
import { describe } from 'vitest';
import { fabricDriver } from './driver.ts';

const available = await fabricAvailable();
const reason = available.ok ? '' : ` (skipped: ${available.reason})`;

describe.skipIf(!available.ok)(`Fabric${reason}`, () => {
  testSuite('Fabric', ledgerSuite, fabricDriver, { timeout: 60_000, startTimeout: 15 * 60_000 });
});
