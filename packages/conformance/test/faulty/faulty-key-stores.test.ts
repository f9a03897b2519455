import { keyStoreSuite, proxyStateSuite } from '../../src/index.ts';
import { testFaults } from './faults.ts';
import { keyStoreFaults, proxyStateFaults } from './key-store-faults.ts';

testFaults(keyStoreSuite, keyStoreFaults);
testFaults(proxyStateSuite, proxyStateFaults);
