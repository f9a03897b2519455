import { mirrorStateSuite } from '../../src/index.ts';
import { testFaults } from './faults.ts';
import { mirrorStateFaults } from './mirror-state-faults.ts';

testFaults(mirrorStateSuite, mirrorStateFaults);
