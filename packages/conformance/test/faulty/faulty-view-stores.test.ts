import { viewStoreSuite } from '../../src/index.ts';
import { testFaults } from './faults.ts';
import { viewStoreFaults } from './view-store-faults.ts';

testFaults(viewStoreSuite, viewStoreFaults);
