import { ledgerSuite } from '@medseal/conformance';
import { testSuite } from '@medseal/conformance/vitest';
import { ethereumDriver } from './driver.ts';

testSuite('Ethereum', ledgerSuite, async () => ethereumDriver());
testSuite('Ethereum over HTTP', ledgerSuite, async () => ethereumDriver({ reach: 'http' }));
