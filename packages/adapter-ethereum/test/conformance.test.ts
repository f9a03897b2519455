import { ledgerSuite } from '@medseal/conformance';
import { ethereumDriver } from './driver.ts';

ledgerSuite('Ethereum', async () => ethereumDriver());
