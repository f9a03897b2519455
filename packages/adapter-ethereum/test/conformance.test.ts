import { ledgerSuite } from '@medseal/conformance';
import { testSuite } from '@medseal/conformance/vitest';
import { ethereumDriver } from './driver.ts';

testSuite('Ethereum', ledgerSuite, async () => ethereumDriver());
