import { storeSuite } from '../../src/index.ts';
import { storeFaults } from './store-faults.ts';
import { testFaults } from './faults.ts';

testFaults(storeSuite, storeFaults);
