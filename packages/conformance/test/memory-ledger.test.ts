import { ledgerSuite, memoryDriver } from '../src/index.ts';
import { testSuite } from '../src/vitest.ts';

testSuite('memory', ledgerSuite, async () => memoryDriver());
