import { ledgerSuite, memoryDriver } from '../src/index.ts';

ledgerSuite('memory', async () => memoryDriver());
